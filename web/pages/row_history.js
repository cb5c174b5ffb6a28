// The records of one key as a time line, the newest first: what each of them changed.

import { changesBetween } from '../model/changes.js'
import { formatDuration, formatTime, plural, timeOf } from '../model/format.js'
import { fieldOf } from '../model/path.js'
import { toneOf } from '../model/board_fields.js'
import { h } from '../view/dom.js'
import { jsonTree } from '../view/json_tree.js'
import { statusPill, valueCell } from '../view/value_cell.js'
import { empty } from '../view/states.js'

// `history` as api/tables.js gives it.
export function timeLine(description, { records, isComplete, isScanned }) {
  if (records.length === 0) return empty('The log has no record of it any more.')
  const words = `${plural(records.length, 'record')}${isComplete ? '; the log has no older ones.' : '; there are older ones.'}`
  return [
    h('ol', { class: 'time-line' }, records.map((record, index) => entry(description, record, { before: records[index + 1], newer: records[index - 1], isComplete }))),
    h('p', { class: 'note' }, words, isScanned && ' The whole partition was read for it.'),
  ]
}

function entry(description, record, { before, newer, isComplete }) {
  const { status } = description.board
  const state = status && record.value ? fieldOf(record, status.path) : undefined
  const tone = record.value === null ? 'off' : state === undefined ? 'plain' : toneOf(state)
  const wait = before ? timeOf(record.timestamp) - timeOf(before.timestamp) : undefined
  return h(
    'li',
    { class: `tone-${tone}` },
    h(
      'div',
      { class: 'time-line-head' },
      h('time', { datetime: record.timestamp, title: record.timestamp }, formatTime(record.timestamp, { withDate: !isSameDay(record, newer), withMilliseconds: true })),
      state !== undefined && state !== null && statusPill(state),
      wait !== undefined && wait >= 0 && h('span', { class: 'wait' }, `after ${formatDuration(wait)}`)
    ),
    changes(description, record, before, isComplete)
  )
}

// A date is said once for all entries of a day.
function isSameDay(record, newer) {
  return newer !== undefined && new Date(record.timestamp).toDateString() === new Date(newer.timestamp).toDateString()
}

function changes(description, record, before, isComplete) {
  if (record.problem) return h('p', { class: 'field-problem' }, record.problem)
  if (record.value === null) return h('p', { class: 'change' }, 'deleted by a tombstone')
  const whole = h('details', {}, h('summary', {}, 'whole record'), h('p', { class: 'mono none' }, record.position), jsonTree(record.value))
  if (!before || before.value === null) return [h('p', { class: 'change' }, before ? 'there again' : isComplete ? 'first record' : 'the oldest record that was asked for'), whole]
  // When it was updated is the time of the record.
  const found = changesBetween(before.value, record.value).filter(({ path }) => path !== description.board.updated?.path)
  if (found.length === 0) return h('p', { class: 'change none' }, 'the same value again')
  const byPath = new Map(description.fields.map((field) => [field.path, field]))
  return [
    h(
      'dl',
      { class: 'changes' },
      found.map(({ path, before: old, after }) => h('div', {}, h('dt', {}, path), h('dd', {}, h('del', {}, valueCell(old, byPath.get(path))), h('span', { 'aria-label': 'becomes' , role: 'img'}, '→'), h('ins', {}, valueCell(after, byPath.get(path))))))
    ),
    whole,
  ]
}
