// Which columns a table has: the chosen ones, or those that say most.

import { pathText } from './path.js'
import { isNumeric, isTime } from './schema_fields.js'

const DEFAULT_COUNT = 8
export const KEY = '(key)'
export const TIMESTAMP = '(timestamp)'
export const POSITION = '(position)'

// Without a schema the rows themselves say which fields there are.
export function fieldsOfRows(rows) {
  const found = new Map()
  const walk = (value, steps) => {
    if (value !== null && typeof value === 'object' && !Array.isArray(value) && steps.length < 3) {
      for (const [name, inner] of Object.entries(value)) walk(inner, [...steps, name])
    } else if (steps.length > 0) {
      const path = pathText(steps)
      const type = typeof value === 'number' || typeof value === 'bigint' ? 'double' : typeof value === 'boolean' ? 'boolean' : 'string'
      if (!found.has(path)) found.set(path, { path, type })
    }
  }
  for (const row of rows) walk(row.value, [])
  return [...found.values()]
}

// Paths: the state, what goes with it, and then the first fields of the schema. What the key says already is left out.
export function defaultColumns(fields, board, keyFields = []) {
  const keyPaths = new Set(keyFields.map((field) => field.path))
  const { status, progress, total, updated, label, reason } = board
  const known = [status, progress, total, updated, label, reason].filter(Boolean)
  const others = fields.filter((field) => !known.includes(field) && !keyPaths.has(field.path))
  const paths = [...known, ...others.slice(0, Math.max(0, DEFAULT_COUNT - known.length))].map((field) => field.path)
  // Without a time of its own the record's has to do.
  return updated ? paths : [...paths, TIMESTAMP]
}

export function columnTitle(path) {
  return path === KEY ? 'key' : path === TIMESTAMP ? 'record time' : path === POSITION ? 'position' : path
}

// In characters of the table's type, from the title, the type, and some of the texts.
export function columnWidth(path, field, samples) {
  if (path === TIMESTAMP || (field && isTime(field))) return 21
  const title = columnTitle(path).length + 3
  if (field?.type === 'enum') return clamp(Math.max(title, ...(field.symbols ?? []).map((symbol) => symbol.length + 4)), 8, 24)
  const longest = samples.reduce((most, text) => Math.max(most, text.length), 0)
  const isText = !field || !isNumeric(field)
  return clamp(Math.max(title, longest + 3), 8, isText ? 44 : 22)
}

function clamp(value, low, high) {
  return Math.min(high, Math.max(low, value))
}
