// One subject: its versions, the text of one, what changed since another, and who refers to whom.

import { describeSubject, diffSubject } from '../api/cluster.js'
import { parseJson, jsonText } from '../model/json.js'
import { link } from '../model/route.js'
import { copyButton } from '../view/copy_button.js'
import { h, replace } from '../view/dom.js'
import { diffLines, schemaText } from '../view/source_text.js'
import { facts, pageHead, section } from '../view/page.js'
import { empty, failure, loading } from '../view/states.js'

const MARKS = { same: ' ', added: '+', removed: '-' }

export function schemaPage({ subject, query, signal, setQuery }) {
  const content = h('div', { class: 'schema-columns' }, loading('Loading the schema'))
  const element = h('div', { class: 'page' }, pageHead({ title: subject, trail: [{ text: 'Schemas', href: '#/schemas' }] }), content)

  let described = null

  async function show(address) {
    try {
      described ??= await describeSubject(subject, signal)
      const versions = described.versions.map(({ version }) => version)
      const shown = described.versions.find(({ version }) => String(version) === address.get('version')) ?? described.versions[0]
      if (!shown) return replace(content, empty('All versions of this subject are deleted.'))
      const others = versions.filter((version) => version !== shown.version)
      const from = others.find((version) => String(version) === address.get('from')) ?? others.find((version) => version < shown.version) ?? others[0]
      const diff = h('div', {}, loading('Comparing'))
      const pick = (name, value, label, offered) =>
        h('label', { class: 'field' }, label, h('select', { value: String(value), on: { change: (event) => setQuery({ version: shown.version, from: address.get('from'), [name]: event.target.value }) } }, offered.map((version) => h('option', { value: String(version) }, String(version)))))
      const text = pretty(shown.schema)
      replace(
        content,
        h(
          'div',
          { class: 'schema-main' },
          section('Schema', h('div', { class: 'value-tools' }, pick('version', shown.version, 'Version', versions), copyButton('Copy', () => text)), schemaText(text)),
          from !== undefined && section('Changes', h('div', { class: 'value-tools' }, pick('from', from, 'Since version', others)), diff)
        ),
        h('div', { class: 'schema-side' }, about(described, shown), references(shown))
      )
      if (from !== undefined) await compare(diff, from, shown.version)
    } catch (error) {
      if (error.name === 'AbortError') return undefined
      replace(content, error.status === 404 ? empty('There is no such subject.', h('a', { href: link(['schemas']) }, 'All schemas')) : failure(error, () => show(address)))
    }
    return undefined
  }

  async function compare(place, from, to) {
    try {
      const found = await diffSubject(subject, from, to, signal)
      const { changes, lines } = found
      replace(
        place,
        changes.length > 0 && h('ul', { class: 'changes-words' }, changes.map((change) => h('li', {}, change))),
        lines.some(({ kind }) => kind !== 'same') ? diffLines(lines.map(({ kind, text }) => MARKS[kind] + text)) : empty('The two mean the same.')
      )
    } catch (error) {
      if (error.name !== 'AbortError') replace(place, failure(error, () => compare(place, from, to)))
    }
  }

  void show(query)
  return { title: subject, element, update: (next) => void show(next) }
}

function pretty(schema) {
  try {
    return jsonText(parseJson(schema), 2)
  } catch {
    return schema
  }
}

function about(described, shown) {
  return section(
    'About',
    facts([
      ['Id', String(shown.id)],
      ['Version', String(shown.version)],
      ['Type', shown.schemaType],
      ['Compatibility', described.compatibility],
    ])
  )
}

function references(shown) {
  const item = ({ subject, version, name }) => h('li', {}, h('a', { href: link(['schemas', subject], { version }) }, subject), h('span', { class: 'none' }, ` version ${version}`), name && h('div', { class: 'mono none' }, name))
  const list = (all) => {
    if (all === null) return h('p', { class: 'none' }, 'the registry does not tell')
    return all.length > 0 ? h('ul', { class: 'plain-list' }, all.map(item)) : h('p', { class: 'none' }, 'nothing')
  }
  return [section('Refers to', list(shown.references)), section('Referred to by', list(shown.referencedBy))]
}
