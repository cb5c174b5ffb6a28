// JSON whose whole numbers stay exact: those beyond 2^53 become BigInt where the browser tells their spelling.

const LONG_NUMBER = /\d{16}/

function exact(_key, value, context) {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source
  return source !== undefined && /^-?\d+$/.test(source) ? BigInt(source) : value
}

export function parseJson(text) {
  return LONG_NUMBER.test(text) ? JSON.parse(text, exact) : JSON.parse(text)
}

// As JSON.stringify, with BigInt as the numbers that they are.
export function jsonText(value, indent = 0, depth = 0) {
  if (typeof value === 'bigint') return value.toString()
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const isArray = Array.isArray(value)
  const parts = isArray
    ? value.map((item) => jsonText(item, indent, depth + 1))
    : Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}:${indent ? ' ' : ''}${jsonText(item, indent, depth + 1)}`)
  const [open, close] = isArray ? '[]' : '{}'
  if (parts.length === 0 || !indent) return open + parts.join(',') + close
  const inner = ' '.repeat(indent * (depth + 1))
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${' '.repeat(indent * depth)}${close}`
}
