// One action of a plan, as provision's JSON has it.

import { jsonText, parseJson } from '../model/json.js'
import { plural } from '../model/format.js'
import { link } from '../model/route.js'
import { lineDiff } from '../model/line_diff.js'
import { h } from '../view/dom.js'
import { diffLines, schemaText } from '../view/source_text.js'

const SIGNS = { create: ['+', 'good'], change: ['~', 'waiting'], delete: ['−', 'bad'] }

const SHOWN = {
  register_schema: (action) => ({
    kind: action.before_schema ? 'change' : 'create',
    words: [h('b', {}, action.subject), ` version ${action.version}`, action.before_version ? ` after ${action.before_version}` : ''],
    more: schemaChange(action),
  }),
  set_compatibility: (action) => ({ kind: 'change', words: [h('b', {}, action.subject), ` compatibility ${action.before ?? 'the global one'} → ${action.after}`] }),
  create_topic: (action) => ({
    kind: 'create',
    words: ['topic ', h('b', {}, action.topic), `, ${counted(action.partitions, 'partition')}, ${counted(action.replication_factor, 'replica')}`],
    more: settings(Object.entries(action.configs ?? {}).map(([name, after]) => ({ name, after }))),
  }),
  add_partitions: (action) => ({ kind: 'change', words: ['topic ', topicLink(action.topic), ` partitions ${action.before} → ${action.after}`] }),
  alter_configs: (action) => ({ kind: 'change', words: ['topic ', topicLink(action.topic), ' settings'], more: settings(action.changes ?? []) }),
  delete_topic: (action) => ({ kind: 'delete', words: ['topic ', topicLink(action.topic), ` with ${counted(action.partitions, 'partition')}`] }),
  delete_subject: (action) => ({ kind: 'delete', words: ['subject ', h('b', {}, action.subject)] }),
}

export function planAction(action) {
  const { kind, words, more } = (SHOWN[action.action] ?? unknown)(action)
  const [sign, tone] = SIGNS[kind]
  return h('li', {}, h('span', { class: `sign tone-${tone}`, role: 'img', 'aria-label': kind }, sign), h('div', {}, h('p', {}, words), more))
}

// -1: as many as the brokers give topics by themselves.
function counted(count, what) {
  return count < 0 ? `${what}s as the brokers have it` : plural(count, what)
}

// A later server may know more actions.
function unknown(action) {
  return { kind: 'change', words: [jsonText(action)] }
}

function topicLink(topic) {
  return h('a', { href: link(['topics', topic]) }, topic)
}

function settings(changes) {
  if (changes.length === 0) return null
  return h('ul', { class: 'settings mono' }, changes.map(({ name, before, after }) => h('li', {}, name, ' ', before !== undefined && before !== null && [h('del', {}, before), ' → '], h('ins', {}, after ?? 'default'))))
}

function pretty(schema) {
  try {
    return jsonText(typeof schema === 'string' ? parseJson(schema) : schema, 2)
  } catch {
    return String(schema)
  }
}

function schemaChange({ schema, before_schema: before }) {
  if (!schema) return null
  const shown = before ? diffLines(lineDiff(pretty(before), pretty(schema))) : schemaText(pretty(schema))
  return h('details', {}, h('summary', {}, before ? 'what changes' : 'its text'), shown)
}
