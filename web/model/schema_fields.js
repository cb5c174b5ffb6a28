// The fields that a table's rows can have, read from their Avro schema: records within records as dotted paths.

import { pathText } from './path.js'

const MAX_DEPTH = 4
const MAX_FIELDS = 400

// [{path, type, logicalType, symbols, transitions, isNullable, doc}] in the order of the schema. `references` are the texts of the
// schemas that it names.
export function fieldsOf(schema, references = []) {
  const named = new Map()
  for (const reference of references) collect(reference, '', named)
  collect(schema, '', named)
  const fields = []
  walk(schema, [], { named, fields, namespace: '', nullable: false, doc: undefined, depth: 0 })
  return fields
}

function fullName(name, namespace) {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`
}

function namespaceOf(schema, outer) {
  const name = String(schema.name ?? '')
  return name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : (schema.namespace ?? outer)
}

function collect(schema, outer, named) {
  if (Array.isArray(schema)) return schema.forEach((branch) => collect(branch, outer, named))
  if (schema === null || typeof schema !== 'object') return undefined
  const namespace = schema.name ? namespaceOf(schema, outer) : outer
  if (schema.name) named.set(fullName(schema.name, namespace), { schema, namespace })
  for (const field of schema.fields ?? []) collect(field.type, namespace, named)
  for (const inner of [schema.items, schema.values, schema.type]) {
    if (typeof inner === 'object') collect(inner, namespace, named)
  }
  return undefined
}

function walk(schema, steps, at) {
  if (at.fields.length >= MAX_FIELDS) return
  if (Array.isArray(schema)) {
    const branches = schema.filter((branch) => branch !== 'null')
    const nullable = at.nullable || branches.length < schema.length
    if (branches.length === 1) walk(branches[0], steps, { ...at, nullable })
    else add(steps, { type: 'union' }, { ...at, nullable })
    return
  }
  if (typeof schema === 'string') {
    const known = at.named.get(fullName(schema, at.namespace)) ?? at.named.get(schema)
    if (known) walk(known.schema, steps, { ...at, namespace: known.namespace })
    else add(steps, { type: schema }, at)
    return
  }
  if (typeof schema?.type === 'object') {
    walk(schema.type, steps, at)
  } else if (schema?.type === 'record' && at.depth < MAX_DEPTH) {
    const namespace = namespaceOf(schema, at.namespace)
    for (const field of schema.fields ?? []) {
      walk(field.type, [...steps, field.name], { ...at, namespace, doc: field.doc, depth: at.depth + 1 })
    }
  } else if (schema) {
    add(steps, schema, at)
  }
}

function add(steps, schema, { fields, nullable, doc }) {
  if (steps.length === 0) return
  fields.push({
    path: pathText(steps),
    type: schema.type,
    logicalType: schema.logicalType,
    symbols: schema.symbols,
    transitions: schema.transitions,
    isNullable: nullable,
    doc,
  })
}

export function isNumeric(field) {
  return ['int', 'long', 'float', 'double'].includes(field.type) && (!field.logicalType || field.logicalType === 'decimal')
}

export function isTime(field) {
  return /timestamp/.test(field.logicalType ?? '')
}
