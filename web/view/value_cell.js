// Values in cells of tables, by their type.

import { formatBytes, formatNumber, formatTime } from '../model/format.js'
import { toneOf } from '../model/board_fields.js'
import { jsonText } from '../model/json.js'
import { isTime } from '../model/schema_fields.js'
import { h } from './dom.js'

// Cells show what fits; the whole is a click away.
const MAX_CHARACTERS = 300

export function statusPill(state) {
  return h('span', { class: `pill tone-${toneOf(state)}` }, String(state))
}

export function timeText(value, options) {
  return h('time', { datetime: String(value), title: String(value) }, formatTime(value, options))
}

export function valueCell(value, field) {
  if (value === undefined || value === null) return h('span', { class: 'none', title: value === null ? 'null' : 'not there' }, '–')
  if (field && isTime(field)) return timeText(value)
  if (field?.type === 'enum') return statusPill(value)
  if (typeof value === 'number' || typeof value === 'bigint') {
    return field && isBytes(field) ? h('span', { title: String(value) }, formatBytes(value)) : Number.isInteger(value) || typeof value === 'bigint' ? formatNumber(value) : String(value)
  }
  const text = typeof value === 'string' ? value : jsonText(value)
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text
}

export function isBytes(field) {
  return /^(bytes|size)|(bytes|size)$|bytes(sofar|total|done)/i.test(field.path.slice(field.path.lastIndexOf('.') + 1))
}
