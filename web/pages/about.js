// What is known of a table beside its rows: its fields, indexes, how far each partition is read, and what did not decode.

import { describeTable } from '../api/tables.js'
import { formatBytes, formatDuration, formatNumber } from '../model/format.js'
import { keyLabel, keyText } from '../model/key.js'
import { link } from '../model/route.js'
import { h, replace } from '../view/dom.js'
import { Freshness } from '../view/freshness.js'
import { facts, plainTable, section } from '../view/page.js'
import { Poll } from '../view/poll.js'
import { failure, loading } from '../view/states.js'
import { statusPill, timeText } from '../view/value_cell.js'
import { tableHead } from './table_head.js'

const EVERY_MS = 2000

export function aboutPage({ table, signal }) {
  const content = h('div', {}, loading('Loading the table'))
  const freshness = new Freshness(content)
  const element = h('div', { class: 'page' }, tableHead(table, 'About', freshness), content)
  let shown = ''
  const poll = new Poll(async () => {
    try {
      const description = await describeTable(table, signal)
      freshness.setState('live')
      freshness.setTable(description)
      const now = JSON.stringify(description)
      if (now === shown) return
      shown = now
      replace(content, show(description))
    } catch (error) {
      if (error.name === 'AbortError') return
      freshness.setState(error.isUnreachable ? 'lost' : 'live')
      if (shown === '') replace(content, failure(error, () => poll.soon()))
    }
  }, EVERY_MS)
  return {
    title: `About ${table}`,
    element,
    stop() {
      poll.stop()
      freshness.stop()
    },
  }
}

function show(table) {
  const number = (text) => ({ text, isNumeric: true })
  return [
    section(
      'State',
      facts([
        ['Rows', formatNumber(table.rows)],
        ['Topic', h('a', { href: link(['topics', table.name]) }, table.name)],
        ['Indexes', table.indexes.length > 0 ? table.indexes.join(', ') : 'none'],
        ['Behind the topic', table.lagMs > 0 ? formatDuration(table.lagMs) : 'nothing'],
        table.outage && ['Outage', table.outage],
        ['Records that did not decode', formatNumber(table.unreadable)],
        table.impossibleTransitions > 0 && ['Changes that the schema does not allow', formatNumber(table.impossibleTransitions)],
        table.duplicates > 0 && ['Keys with two live records', formatNumber(table.duplicates)],
        table.memoryBytes !== undefined && ['Memory', formatBytes(table.memoryBytes)],
        table.diskBytes !== undefined && ['Disk', formatBytes(table.diskBytes)],
      ])
    ),
    table.fields.length > 0 &&
      section(
        'Fields',
        plainTable(`Fields of ${table.name}`, ['Field', 'Type', 'On the board', 'Meaning'], table.fields.map((field) => [h('span', { class: 'mono' }, field.path), typeText(field), roleOf(table, field), field.doc ?? '']))
      ),
    table.fields.filter((field) => field.transitions).map(transitions),
    table.partitions.length > 0 &&
      section(
        'Partitions',
        plainTable(
          `Partitions of ${table.name}`,
          [number('Partition'), number('Read up to'), number('End'), number('To read')],
          table.partitions.map((one) => [String(one.partition), formatNumber(one.nextOffset), formatNumber(one.endOffset), formatNumber(Math.max(0, (one.endOffset ?? 0) - (one.nextOffset ?? 0)))])
        )
      ),
    table.lastImpossibleTransitions.length > 0 &&
      section(
        'Changes that the schema does not allow',
        plainTable(
          'Changes that the schema does not allow',
          ['Key', 'Field', 'From', 'To', 'Time', 'Position'],
          table.lastImpossibleTransitions.map((one) => [rowLink(table, one.key), one.field, stateOf(one.from), stateOf(one.to), one.timestamp ? timeText(one.timestamp) : '', h('span', { class: 'mono' }, one.position)])
        )
      ),
    table.lastUnreadable.length > 0 &&
      section(
        'Did not decode',
        plainTable(
          'Records that did not decode',
          ['Position', 'Time', 'Problem'],
          table.lastUnreadable.map((one) => [h('span', { class: 'mono' }, one.position), one.timestamp ?? '', one.problem])
        )
      ),
  ]
}

function rowLink(table, key) {
  return h('a', { href: link(['tables', table.name, 'rows', keyText(key)]) }, keyLabel(key))
}

function stateOf(state) {
  return state === null ? h('span', { class: 'none' }, 'none') : statusPill(state)
}

// Which states may follow which, where the schema says so.
function transitions(field) {
  const rows = Object.entries(field.transitions).map(([from, to]) => [statusPill(from), to.length > 0 ? to.map((state) => [statusPill(state), ' ']) : h('span', { class: 'none' }, 'nothing: it is final')])
  return section(`What may follow in ${field.path}`, plainTable(`Transitions of ${field.path}`, ['State', 'Next'], rows))
}

function typeText(field) {
  const type = field.symbols ? field.symbols.join(' | ') : (field.logicalType ?? field.type)
  return field.isNullable ? `${type}, or null` : type
}

function roleOf(table, field) {
  const role = Object.entries(table.board).find(([, one]) => one === field)
  return role ? role[0] : ''
}
