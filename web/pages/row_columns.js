// The columns of a table of rows.

import { columnTitle, columnWidth, KEY, POSITION, TIMESTAMP } from '../model/columns.js'
import { keyLabel } from '../model/key.js'
import { fieldOf, parsePath } from '../model/path.js'
import { isNumeric } from '../model/schema_fields.js'
import { timeText, valueCell } from '../view/value_cell.js'

const SAMPLES = 60

// The key first, then the paths.
export function tableColumns(fields, paths, rows) {
  const byPath = new Map(fields.map((field) => [field.path, field]))
  const samples = rows.slice(0, SAMPLES)
  const keyWidth = columnWidth(KEY, undefined, samples.map((row) => keyLabel(row.key)))
  return [{ id: KEY, title: 'key', width: `${keyWidth}ch`, sortPath: 'key', cell: (row) => keyLabel(row.key) }, ...paths.filter((path) => path !== KEY).map((path) => column(path, byPath.get(path), samples))]
}

function column(path, field, samples) {
  if (path === TIMESTAMP) return { id: path, title: columnTitle(path), width: '21ch', sortPath: TIMESTAMP, cell: (row) => timeText(row.timestamp) }
  if (path === POSITION) return { id: path, title: columnTitle(path), width: '28ch', cell: (row) => row.position }
  const steps = path.startsWith('key') || parsePath(path) === null ? path : parsePath(path)
  const texts = samples.map((row) => textLength(fieldOf(row, steps)))
  return {
    id: path,
    title: columnTitle(path),
    hint: field?.doc,
    isNumeric: field ? isNumeric(field) : false,
    width: `${columnWidth(path, field, texts)}ch`,
    sortPath: path,
    cell: (row) => valueCell(fieldOf(row, steps), field),
  }
}

function textLength(value) {
  return value === undefined || value === null ? '' : typeof value === 'object' ? ' '.repeat(30) : String(value)
}
