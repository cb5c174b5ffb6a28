// A JSON value as a tree that opens and closes. Long arrays and texts are cut until somebody asks for the rest.

import { h, replace } from './dom.js'
import { externalLink, isWebAddress } from './external_link.js'

const FIRST_ITEMS = 200
const FIRST_CHARACTERS = 2000
const OPEN_DEPTH = 3

export function jsonTree(value, { depth = 0 } = {}) {
  return h('div', { class: 'json' }, node(null, value, depth))
}

function node(name, value, depth) {
  const label = name === null ? null : [h('span', { class: typeof name === 'number' ? 'json-index' : 'json-name' }, String(name)), ': ']
  if (value === null || typeof value !== 'object') return h('div', { class: 'json-line' }, label, scalar(value))
  const isArray = Array.isArray(value)
  const entries = isArray ? value.map((item, index) => [index, item]) : Object.entries(value)
  if (entries.length === 0) return h('div', { class: 'json-line' }, label, h('span', { class: 'json-mark' }, isArray ? '[ ]' : '{ }'))
  const children = h('div', { class: 'json-children' })
  const fill = () => {
    if (children.childElementCount === 0) fillFrom(children, entries, 0, depth + 1)
  }
  const isOpen = depth < OPEN_DEPTH
  if (isOpen) fill()
  const count = isArray ? `${entries.length} items` : `${entries.length} fields`
  if (name === null) {
    fill()
    return children
  }
  return h(
    'details',
    { open: isOpen, on: { toggle: fill } },
    h('summary', {}, label, h('span', { class: 'json-mark' }, isArray ? `[ ${count} ]` : `{ ${count} }`)),
    children
  )
}

function fillFrom(parent, entries, start, depth) {
  const end = Math.min(entries.length, start + FIRST_ITEMS)
  for (let i = start; i < end; ++i) parent.append(node(entries[i][0], entries[i][1], depth))
  if (end === entries.length) return
  const more = h('button', { type: 'button', class: 'link-button' }, `Show ${Math.min(FIRST_ITEMS, entries.length - end)} more of ${entries.length}`)
  more.addEventListener('click', () => {
    more.remove()
    fillFrom(parent, entries, end, depth)
  })
  parent.append(more)
}

function scalar(value) {
  if (value === null || value === undefined) return h('span', { class: 'json-null' }, 'null')
  if (typeof value === 'boolean') return h('span', { class: 'json-boolean' }, String(value))
  if (typeof value !== 'string') return h('span', { class: 'json-number' }, String(value))
  if (isWebAddress(value)) return externalLink(value)
  if (value.length <= FIRST_CHARACTERS) return h('span', { class: 'json-text' }, value)
  const text = h('span', { class: 'json-text' }, value.slice(0, FIRST_CHARACTERS), '… ')
  const more = h('button', { type: 'button', class: 'link-button' }, `Show all ${value.length} characters`)
  more.addEventListener('click', () => replace(text, value))
  text.append(more)
  return text
}
