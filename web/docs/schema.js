// A JSON Schema as people read it: `{id: string, size?: integer | null}`.

const REFERENCE = '#/components/schemas/'

function indented(lines, depth) {
  return lines.map((line) => '  '.repeat(depth) + line).join('\n')
}

function objectText(schema, depth) {
  const required = new Set(schema.required ?? [])
  const members = Object.entries(schema.properties ?? {}).map(([name, member]) => {
    const comment = member.description ? `  // ${member.description}` : ''
    return `${name}${required.has(name) ? '' : '?'}: ${schemaText(member, depth + 1)}${comment}`
  })
  if (schema.additionalProperties && schema.additionalProperties !== true) {
    members.push(`[name]: ${schemaText(schema.additionalProperties, depth + 1)}`)
  }
  if (members.length === 0) return 'object'
  return `{\n${indented(members, depth + 1)}\n${'  '.repeat(depth)}}`
}

function bounds(schema) {
  const said = []
  for (const [name, sign] of [
    ['minimum', '≥'],
    ['maximum', '≤'],
  ]) {
    if (schema[name] !== undefined && Math.abs(schema[name]) < 2 ** 53) said.push(`${sign} ${schema[name]}`)
  }
  if (schema.format) said.push(schema.format)
  if (schema.pattern) said.push(schema.pattern)
  return said.length === 0 ? '' : ` (${said.join(', ')})`
}

export function schemaText(schema, depth = 0) {
  if (schema.$ref) return schema.$ref.replace(REFERENCE, '')
  if (schema.anyOf) return schema.anyOf.map((one) => schemaText(one, depth)).join(' | ')
  if (schema.enum) return schema.enum.map((symbol) => JSON.stringify(symbol)).join(' | ')
  if (Array.isArray(schema.type)) return schema.type.join(' | ')
  if (schema.type === 'array') return `[${schemaText(schema.items ?? {}, depth)}]`
  if (schema.type === 'object') return objectText(schema, depth)
  return schema.type ? schema.type + bounds(schema) : 'anything'
}
