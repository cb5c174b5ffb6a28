// All tables: how many rows, how fresh, how many in which state. With a single table its board is the first page.

import { countBy, describeTable, listTables } from '../api/tables.js'
import { toneOf } from '../model/board_fields.js'
import { formatDuration, formatNumber, plural } from '../model/format.js'
import { link } from '../model/route.js'
import { h, replace, setText } from '../view/dom.js'
import { pageHead } from '../view/page.js'
import { KeyedList } from '../view/keyed_list.js'
import { Poll } from '../view/poll.js'
import { empty, failure, loading } from '../view/states.js'

const EVERY_MS = 2000

export function tablesPage({ signal }) {
  const list = h('ul', { class: 'cards' })
  const place = h('div', {}, loading('Loading tables'))
  const element = h('div', { class: 'page' }, pageHead({ title: 'Tables' }), place)
  const cards = new KeyedList(list, { key: (table) => table.name, create: makeCard, update: showCard })
  const fields = new Map() // the field of the state, or null
  const counts = new Map()

  // What a list of tables does not tell is asked of each table once: which field says a state.
  async function count(table) {
    try {
      if (!fields.has(table)) fields.set(table, (await describeTable(table, signal)).board.status ?? null)
      if (fields.get(table)) counts.set(table, await countBy(table, fields.get(table).path, [], signal))
    } catch {
      // The card shows what is known.
    }
  }

  const poll = new Poll(async () => {
    try {
      const tables = await listTables(signal)
      await Promise.all(tables.map((table) => count(table.name)))
      if (tables.length === 0) replace(place, noTables())
      else if (list.parentNode !== place) replace(place, list)
      cards.show(tables.map((table) => ({ ...table, status: fields.get(table.name), counts: counts.get(table.name) })))
      place.classList.remove('stale')
    } catch (error) {
      if (error.name === 'AbortError') return
      if (error.isUnreachable && list.parentNode === place) place.classList.add('stale')
      else replace(place, failure(error, () => poll.soon()))
    }
  }, EVERY_MS)
  return { title: 'Tables', element, stop: () => poll.stop() }
}

function noTables() {
  return empty('No tables are served.', h('p', {}, 'A compacted topic of the file is served by omashu up --file; others by omashu serve --tables TOPIC.'))
}

function makeCard(table) {
  return h(
    'li',
    {},
    h(
      'a',
      { class: 'card', href: link(table.status === null ? ['tables', table.name, 'rows'] : ['tables', table.name]) },
      h('span', { class: 'card-title' }, table.name),
      h('span', { class: 'card-number' }),
      h('span', { class: 'card-state' }),
      h('span', { class: 'share-bar', 'aria-hidden': 'true' }),
      h('span', { class: 'card-counts' })
    )
  )
}

function showCard(card, table) {
  setText(card.querySelector('.card-number'), plural(table.rows, 'row'))
  setText(card.querySelector('.card-state'), stateOf(table))
  const counts = (table.counts ?? []).filter(({ count }) => count > 0)
  const signature = JSON.stringify(counts, (_, value) => (typeof value === 'bigint' ? String(value) : value))
  if (card.dataset.counts === signature) return
  card.dataset.counts = signature
  replace(card.querySelector('.share-bar'), counts.map(({ value, count }) => h('span', { class: `share tone-${toneOf(value)}`, style: { 'flex-grow': String(count) } })))
  replace(card.querySelector('.card-counts'), counts.map(({ value, count }) => h('span', { class: `tone-${toneOf(value)}` }, h('span', { class: 'swatch', 'aria-hidden': 'true' }), `${value} ${formatNumber(count)}`)))
}

function stateOf(table) {
  if (table.outage) return 'Kafka is away'
  if (table.isRestoring) return table.toRestore > 0 ? `restoring, ${Math.floor((table.restored / table.toRestore) * 100)} %` : 'restoring'
  return table.lagMs > 2000 ? `${formatDuration(table.lagMs)} behind` : 'up to date'
}
