// Records as rows of a table.

import { formatBytes, formatNumber } from '../model/format.js'
import { jsonText } from '../model/json.js'
import { keyLabel } from '../model/key.js'
import { h } from '../view/dom.js'
import { timeText } from '../view/value_cell.js'

const PREVIEW_CHARACTERS = 400

export function recordOf(record) {
  return { ...record, id: `${record.partition}-${record.offset}` }
}

// Beside an open record there is room for less.
export function recordColumns(records, isNarrow) {
  const longestKey = records.slice(0, 60).reduce((most, row) => Math.max(most, keyOf(row).length), 6)
  const keyWidth = Math.min(isNarrow ? 16 : 32, longestKey + 3)
  const all = [
    { id: 'position', title: isNarrow ? 'p · offset' : 'partition · offset', width: isNarrow ? '13ch' : '19ch', cell: (row) => `${row.partition} · ${formatNumber(row.offset)}` },
    { id: 'time', title: 'time', width: isNarrow ? '15ch' : '25ch', cell: (row) => (row.timestamp ? timeText(row.timestamp, { withDate: !isNarrow, withMilliseconds: true }) : '–') },
    { id: 'key', title: 'key', width: `${keyWidth}ch`, cell: (row) => (row.keyForm === null ? h('span', { class: 'none' }, 'none') : keyOf(row)) },
    { id: 'value', title: 'value', width: 'auto', cell: preview },
    { id: 'size', title: 'size', width: '10ch', isNumeric: true, cell: (row) => formatBytes(row.valueBytes) },
  ]
  return isNarrow ? all.slice(0, 4) : all
}

function keyOf(row) {
  return row.keyForm === null ? '' : keyLabel(row.key)
}

function preview(row) {
  const problem = row.valueProblem ?? row.keyProblem
  if (problem) return h('span', { class: 'pill tone-bad', title: problem }, 'does not decode')
  if (row.valueForm === null) return h('span', { class: 'pill tone-off' }, 'tombstone')
  const text = typeof row.value === 'string' ? row.value : jsonText(row.value)
  return h('span', { class: 'mono preview' }, text.slice(0, PREVIEW_CHARACTERS))
}
