// One group: its members, and how far it is in each partition.

import { describeGroup } from '../api/cluster.js'
import { formatNumber } from '../model/format.js'
import { link } from '../model/route.js'
import { h, replace } from '../view/dom.js'
import { facts, pageHead, plainTable, section } from '../view/page.js'
import { Poll } from '../view/poll.js'
import { empty, failure, loading } from '../view/states.js'
import { groupState } from './groups.js'

const EVERY_MS = 2000
const number = (text) => ({ text, isNumeric: true })

export function groupPage({ group, signal }) {
  const content = h('div', {}, loading('Loading the group'))
  const state = h('span')
  const element = h('div', { class: 'page' }, pageHead({ title: group, trail: [{ text: 'Groups', href: '#/groups' }], pill: state }), content)
  let shown = ''
  const poll = new Poll(async () => {
    try {
      const described = await describeGroup(group, signal)
      content.classList.remove('stale')
      const now = JSON.stringify(described)
      if (now === shown) return
      shown = now
      replace(state, groupState(described.state))
      replace(content, overview(described), offsets(described), members(described))
    } catch (error) {
      if (error.name === 'AbortError') return
      if (error.isUnreachable && shown !== '') content.classList.add('stale')
      else replace(content, error.status === 404 ? empty('There is no such group.', h('a', { href: '#/groups' }, 'All groups')) : failure(error, () => poll.soon()))
    }
  }, EVERY_MS)
  return { title: group, element, stop: () => poll.stop() }
}

function overview(group) {
  return section(
    'Overview',
    facts([
      ['Lag', formatNumber(group.lag)],
      ['Members', group.members === null ? 'not known' : formatNumber(group.members.length)],
      ['Protocol', [group.protocolType, group.type && ` (${group.type})`]],
      group.assignor && ['Assignment', group.assignor],
      group.coordinator !== null && ['Coordinator', `broker ${group.coordinator}`],
    ])
  )
}

function offsets(group) {
  const all = group.partitions
  const clients = new Map((group.members ?? []).map((member) => [member.memberId, member.clientId]))
  if (all.length === 0) return section('Offsets', empty('It has committed no offset.'))
  const rows = all.map((one) => [
    h('a', { href: link(['topics', one.topic]) }, one.topic),
    String(one.partition),
    formatNumber(one.committed),
    formatNumber(one.endOffset),
    formatNumber(one.lag),
    clients.get(one.memberId) ?? '–',
  ])
  return section('Offsets', plainTable('Committed offsets', ['Topic', 'Partition', number('Committed'), number('End'), number('Lag'), 'Member'], rows))
}

function members(group) {
  const all = group.members ?? []
  if (group.members === null) return section('Members', empty('Who its members are cannot be asked.', 'It uses the protocol of KIP-848.'))
  if (all.length === 0) return section('Members', empty('No member is there now.'))
  const rows = all.map((member) => [member.clientId, member.host, formatNumber(member.partitions.length), member.groupInstanceId ?? '–'])
  return section('Members', plainTable('Members', ['Client', 'Host', number('Partitions'), 'Static id'], rows))
}
