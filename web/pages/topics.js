// The topics of the cluster.

import { getCluster, listTopics } from '../api/cluster.js'
import { formatBytes, formatDuration, formatNumber, plural } from '../model/format.js'
import { link } from '../model/route.js'
import { sorted } from '../model/order.js'
import { h, replace, setText } from '../view/dom.js'
import { pageHead } from '../view/page.js'
import { searchField } from '../view/search_field.js'
import { empty, failure, loading } from '../view/states.js'
import { VirtualTable } from '../view/virtual_table.js'

export function topicsPage({ query, signal, setQuery }) {
  const place = h('div', { class: 'rows-place' }, loading('Loading topics'))
  const total = h('span', { class: 'total' })
  const cluster = h('span', { class: 'cluster' })
  let address = query
  let topics = null

  const change = (next, options) => setQuery({ find: address.get('find'), sort: address.get('sort'), all: address.get('all'), ...next }, options)
  const search = searchField('Find a topic', query.get('find') ?? '', (find) => change({ find }, { replace: true }))
  const all = h('input', { type: 'checkbox', checked: query.has('all'), on: { change: () => change({ all: all.checked ? '1' : '' }) } })
  const grid = new VirtualTable({ label: 'Topics', href: (row) => link(['topics', row.id]), onSort: (sort) => change({ sort }) })
  const element = h(
    'div',
    { class: 'page filling' },
    pageHead({ title: 'Topics', pill: cluster }),
    h('div', { class: 'tools' }, search, h('div', { class: 'tools-right' }, total, h('label', { class: 'check' }, all, 'internal topics'))),
    place
  )

  function show() {
    if (!topics) return
    const find = (address.get('find') ?? '').toLowerCase()
    const rows = topics
      .filter((topic) => (address.has('all') || !topic.isInternal) && topic.topic.toLowerCase().includes(find))
      .map((topic) => ({ id: topic.topic, value: topic, key: topic.topic }))
    setText(total, plural(rows.length, 'topic'))
    if (rows.length === 0) {
      replace(place, empty(find ? 'No topic is called so.' : 'There are no topics yet.', !find && h('a', { href: '#/plan' }, 'Plan some from a topics_and_schemas.txt')))
      return
    }
    const sort = address.get('sort') ?? ''
    grid.setColumns(columns(topics), sort)
    grid.setRows(sorted(rows, sort))
    if (grid.element.parentNode !== place) replace(place, grid.element)
  }

  async function ask() {
    try {
      topics = await listTopics(signal)
      show()
      setText(cluster, clusterText(await getCluster(signal)))
    } catch (error) {
      if (error.name !== 'AbortError' && !topics) replace(place, failure(error, ask))
    }
  }

  void ask()
  return {
    title: 'Topics',
    element,
    update(next) {
      address = next
      show()
    },
    stop: () => grid.stop(),
  }
}

function columns(topics) {
  const longest = Math.min(60, topics.reduce((most, { topic }) => Math.max(most, topic.length), 12) + 3)
  const plain = (id, title, width, cell, isNumeric = true) => ({ id, title, width, isNumeric, sortPath: id, cell: ({ value }) => cell(value[id], value) })
  return [
    { id: 'topic', title: 'topic', width: `${longest}ch`, sortPath: 'topic', cell: (row) => row.id },
    plain('partitions', 'partitions', '13ch', formatNumber),
    plain('replicationFactor', 'replicas', '12ch', formatNumber),
    plain('records', 'records', '14ch', formatNumber),
    plain('bytes', 'size', '12ch', formatBytes),
    plain('cleanupPolicy', 'cleanup', '18ch', (value) => value ?? '–', false),
    plain('retentionMs', 'retention', '14ch', (value, topic) => retention(value, topic)),
    plain('leaderlessPartitions', 'without leader', '17ch', (value) => (value > 0 ? h('span', { class: 'pill tone-bad' }, formatNumber(value)) : '0')),
  ]
}

function retention(value, topic) {
  if (value === null || value === undefined) return '–'
  if (topic.cleanupPolicy === 'compact') return h('span', { class: 'none' }, 'latest per key')
  return Number(value) < 0 ? 'for ever' : formatDuration(Number(value))
}

function clusterText(cluster) {
  const { brokers, registry } = cluster
  return `${plural(brokers.length, 'broker')}${registry.isReachable ? '' : '; the registry is away'}`
}
