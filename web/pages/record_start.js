// Where the reading of records begins: a select, and the field that goes with the choice.

import { h } from '../view/dom.js'

const STARTS = [
  ['end', 'The latest'],
  ['beginning', 'From the beginning'],
  ['offset', 'From an offset'],
  ['time', 'From a time'],
]

// The kind of a `from` of the API: end, beginning, offset, time, or page (the positions of one).
export function startOf(from) {
  if (from === null || from === '' || from === 'end') return 'end'
  if (from === 'beginning') return 'beginning'
  if (/^\d{1,19}$/.test(from)) return 'offset'
  return Number.isNaN(Date.parse(from)) ? 'page' : 'time'
}

// onChange({from, partition})
export function recordStart(onChange) {
  const start = h('select', { 'aria-label': 'Begin' }, STARTS.map(([value, text]) => h('option', { value }, text)))
  const offset = h('input', { type: 'number', min: '0', step: '1', placeholder: 'offset', 'aria-label': 'Offset' })
  const time = h('input', { type: 'datetime-local', step: '1', 'aria-label': 'Time' })
  const partition = h('input', { type: 'number', min: '0', step: '1', placeholder: 'all partitions', 'aria-label': 'Partition' })

  const showFields = () => {
    offset.hidden = start.value !== 'offset'
    time.hidden = start.value !== 'time'
  }
  const from = () => {
    if (start.value === 'offset') return offset.value || '0'
    if (start.value === 'time') return time.value ? new Date(time.value).toISOString() : ''
    return start.value === 'end' ? '' : start.value
  }
  const tell = () => onChange({ from: from(), partition: partition.value })
  start.addEventListener('change', () => {
    showFields()
    if (start.value === 'offset') offset.focus()
    else if (start.value === 'time') time.focus()
    else tell()
  })
  for (const input of [offset, time, partition]) input.addEventListener('change', tell)

  return {
    element: h('div', { class: 'start', role: 'group', 'aria-label': 'Where to read' }, start, offset, time, partition),
    show(query) {
      const said = query.get('from')
      const kind = startOf(said)
      if (kind !== 'page') start.value = kind
      if (kind === 'offset') offset.value = said
      if (kind === 'time') time.value = localTime(said)
      partition.value = query.get('partition') ?? ''
      showFields()
    },
  }
}

// What datetime-local takes: the reader's own zone, without saying so.
function localTime(text) {
  const time = new Date(text)
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}
