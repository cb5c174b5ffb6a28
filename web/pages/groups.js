// The consumer groups of the cluster.

import { listGroups } from '../api/cluster.js'
import { formatNumber, plural } from '../model/format.js'
import { sorted } from '../model/order.js'
import { link } from '../model/route.js'
import { h, replace, setText } from '../view/dom.js'
import { pageHead } from '../view/page.js'
import { Poll } from '../view/poll.js'
import { searchField } from '../view/search_field.js'
import { empty, failure, loading } from '../view/states.js'
import { VirtualTable } from '../view/virtual_table.js'

const EVERY_MS = 5000

export function groupsPage({ query, signal, setQuery }) {
  const place = h('div', { class: 'rows-place' }, loading('Loading groups'))
  const total = h('span', { class: 'total' })
  let address = query
  let groups = null
  const change = (next, options) => setQuery({ find: address.get('find'), sort: address.get('sort'), ...next }, options)
  const search = searchField('Find a group', query.get('find') ?? '', (find) => change({ find }, { replace: true }))
  const grid = new VirtualTable({ label: 'Consumer groups', href: (row) => link(['groups', row.id]), onSort: (sort) => change({ sort }) })
  const element = h('div', { class: 'page filling' }, pageHead({ title: 'Groups' }), h('div', { class: 'tools' }, search, h('div', { class: 'tools-right' }, total)), place)

  function show() {
    if (!groups) return
    const find = (address.get('find') ?? '').toLowerCase()
    const rows = groups.filter(({ group }) => group.toLowerCase().includes(find)).map((group) => ({ id: group.group, key: group.group, value: group }))
    setText(total, plural(rows.length, 'group'))
    if (rows.length === 0) {
      replace(place, empty(find ? 'No group is called so.' : 'No group has read anything yet.'))
      return
    }
    grid.setColumns(columns(groups), address.get('sort') ?? '')
    grid.setRows(sorted(rows, address.get('sort') ?? ''))
    if (grid.element.parentNode !== place) replace(place, grid.element)
  }

  const poll = new Poll(async () => {
    try {
      const now = await listGroups(signal)
      place.classList.remove('stale')
      if (JSON.stringify(now) === JSON.stringify(groups)) return
      groups = now
      show()
    } catch (error) {
      if (error.name === 'AbortError') return
      if (groups) place.classList.toggle('stale', error.isUnreachable)
      else replace(place, failure(error, () => poll.soon()))
    }
  }, EVERY_MS)
  return {
    title: 'Groups',
    element,
    update(next) {
      address = next
      show()
    },
    stop() {
      poll.stop()
      grid.stop()
    },
  }
}

function columns(groups) {
  const longest = Math.min(60, groups.reduce((most, { group }) => Math.max(most, group.length), 12) + 3)
  const plain = (id, width, cell, isNumeric = false) => ({ id, title: id, width, isNumeric, sortPath: id, cell: ({ value }) => cell(value[id]) })
  return [
    { id: 'group', title: 'group', width: `${longest}ch`, sortPath: 'group', cell: (row) => row.id },
    plain('state', '18ch', groupState),
    plain('members', '12ch', formatNumber, true),
    plain('lag', '14ch', formatNumber, true),
    plain('topics', '40ch', (value) => value.join(', ')),
    plain('type', '14ch', (value) => value ?? '–'),
    plain('coordinator', '14ch', (value) => (value === null ? '–' : `broker ${value}`)),
  ]
}

const TONES = { Stable: 'good', Empty: 'off', Dead: 'bad' }

export function groupState(state) {
  return h('span', { class: `pill tone-${TONES[state] ?? 'waiting'}` }, state ?? 'unknown')
}
