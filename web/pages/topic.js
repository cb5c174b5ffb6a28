// One topic: its partitions, settings, and the groups that read it.

import { describeTopic } from '../api/cluster.js'
import { formatAgo, formatBytes, formatDuration, formatNumber } from '../model/format.js'
import { link } from '../model/route.js'
import { h, replace } from '../view/dom.js'
import { facts, plainTable, section } from '../view/page.js'
import { Poll } from '../view/poll.js'
import { empty, failure, loading } from '../view/states.js'
import { timeText } from '../view/value_cell.js'
import { topicHead } from './topic_head.js'
import { groupState } from './groups.js'

const EVERY_MS = 3000
const number = (text) => ({ text, isNumeric: true })

export function topicPage({ topic, signal }) {
  const content = h('div', {}, loading('Loading the topic'))
  const element = h('div', { class: 'page' }, topicHead(topic, 'Overview'), content)
  let shown = ''
  const poll = new Poll(async () => {
    try {
      const described = await describeTopic(topic, signal)
      content.classList.remove('stale')
      const now = JSON.stringify(described)
      if (now !== shown) replace(content, overview(topic, described), partitions(topic, described), groups(described), settings(topic, described))
      shown = now
    } catch (error) {
      if (error.name === 'AbortError') return
      if (error.isUnreachable && shown !== '') content.classList.add('stale')
      else replace(content, error.status === 404 ? empty('There is no such topic.', h('a', { href: '#/topics' }, 'All topics')) : failure(error, () => poll.soon()))
    }
  }, EVERY_MS)
  return { title: topic, element, stop: () => poll.stop() }
}

const setting = (topic, name) => topic.configs.find((config) => config.name === name)?.value

function overview(name, topic) {
  const newest = topic.newestRecord
  const copies = topic.replicasBytes !== topic.bytes && topic.replicasBytes !== null
  return section(
    'Overview',
    facts([
      ['Partitions', formatNumber(topic.partitions.length)],
      ['Replication factor', formatNumber(topic.replicationFactor)],
      ['Records', formatNumber(topic.records)],
      ['Size', copies ? `${formatBytes(topic.bytes)}, ${formatBytes(topic.replicasBytes)} with all copies` : formatBytes(topic.bytes)],
      setting(topic, 'cleanup.policy') && ['Cleanup', setting(topic, 'cleanup.policy')],
      newest && ['Newest record', [h('a', { href: link(['topics', name, 'records'], { partition: newest.partition, from: newest.offset, open: `${newest.partition}-${newest.offset}` }) }, timeText(newest.timestamp)), ' ', h('span', { class: 'none' }, formatAgo(Date.now() - Date.parse(newest.timestamp)))]],
      topic.isTable && ['Table', h('a', { href: link(['tables', name]) }, 'its board')],
      topic.subjects.length > 0 && ['Schemas', topic.subjects.map(({ subject, version }) => h('div', {}, h('a', { href: link(['schemas', subject]) }, subject), h('span', { class: 'none' }, ` version ${version}`)))],
    ])
  )
}

function partitions(name, topic) {
  const rows = topic.partitions.map((part) => [
    h('a', { href: link(['topics', name, 'records'], { partition: part.partition }) }, String(part.partition)),
    part.leader === null ? h('span', { class: 'pill tone-bad' }, 'none') : String(part.leader),
    part.replicas.join(', '),
    inSync(part),
    formatNumber(part.beginOffset),
    formatNumber(part.endOffset),
    formatBytes(part.bytes),
  ])
  return section('Partitions', plainTable(`Partitions of ${name}`, ['Partition', 'Leader', 'Replicas', 'In sync', number('Begin'), number('End'), number('Size')], rows))
}

function inSync(part) {
  const all = part.replicas
  const those = part.inSyncReplicas
  return those.length < all.length ? h('span', { class: 'pill tone-bad' }, `${those.length} of ${all.length}`) : `${those.length} of ${all.length}`
}

function groups(topic) {
  const all = topic.groups
  if (all.length === 0) return section('Groups', empty('No group has read it.'))
  const rows = all.map((group) => [h('a', { href: link(['groups', group.group]) }, group.group), groupState(group.state), formatNumber(group.members), formatNumber(group.lag)])
  return section('Groups', plainTable('Groups that read the topic', ['Group', 'State', number('Members'), number('Lag')], rows))
}

function settings(name, topic) {
  const row = (config) => [h('span', { class: 'mono' }, config.name), h('span', { class: 'mono' }, settingText(config)), config.source]
  const own = topic.configs.filter(({ source }) => source !== 'default')
  const others = topic.configs.filter(({ source }) => source === 'default')
  const table = (label, configs) => plainTable(label, ['Setting', 'Value', 'Set by'], configs.map(row))
  return section(
    'Settings',
    own.length > 0 ? table(`Settings of ${name}`, own) : h('p', { class: 'none' }, 'All settings are Kafka’s defaults.'),
    others.length > 0 && h('details', { class: 'more' }, h('summary', {}, `${others.length} defaults`), table('Defaults', others))
  )
}

function settingText({ name, value }) {
  if (value === null || value === undefined) return '–'
  if (/\.ms$/.test(name) && Number(value) >= 1000 && Number(value) < 1e15) return `${value} (${formatDuration(Number(value))})`
  if (/\.bytes$/.test(name) && Number(value) >= 1000 && Number(value) < 1e18) return `${value} (${formatBytes(Number(value))})`
  return value
}
