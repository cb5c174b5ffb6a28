// The order of values in a column: numbers by size, text by its characters, what is missing last either way.

import { fieldOf, parsePath } from './path.js'

const isMissing = (value) => value === null || value === undefined

function compare(one, other) {
  const isNumber = (value) => typeof value === 'number' || typeof value === 'bigint'
  if (isNumber(one) && isNumber(other)) return one < other ? -1 : one > other ? 1 : 0
  const a = typeof one === 'object' ? JSON.stringify(one) : String(one)
  const b = typeof other === 'object' ? JSON.stringify(other) : String(other)
  return a < b ? -1 : a > b ? 1 : 0
}

// `-updatedAt` is {path: 'updatedAt', isDescending: true}.
export function parseSort(text) {
  const isDescending = text.startsWith('-')
  return { path: isDescending ? text.slice(1) : text, isDescending }
}

// `valueOf(row)` is read once for each row. Rows that are alike keep the order of their keys.
export function sorted(rows, sort, keyOf = (row) => row.id) {
  const { path, isDescending } = parseSort(sort)
  const steps = path === '' ? null : path === '(timestamp)' ? 'time' : parsePath(path)
  const valueOf = steps === null ? keyOf : steps === 'time' ? (row) => row.timestamp : (row) => fieldOf(row, path)
  const all = rows.map((row) => ({ row, value: valueOf(row), key: keyOf(row) }))
  all.sort((a, b) => {
    const missing = isMissing(a.value) - isMissing(b.value)
    if (missing !== 0) return missing
    const order = isMissing(a.value) ? 0 : compare(a.value, b.value)
    return (isDescending ? -order : order) || compare(a.key, b.key)
  })
  return all.map(({ row }) => row)
}
