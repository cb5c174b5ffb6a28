// The API to be read: what openapi.json says, with a form for each question. Works without internet.

import { h, replace } from '../view/dom.js'
import { operationView } from './operation.js'
import { schemaText } from './schema.js'

const METHODS = ['get', 'put', 'patch', 'post', 'delete']

function operationsOf(document) {
  const all = []
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      if (item[method]) all.push({ path, method, ...item[method] })
    }
  }
  return all
}

// Tags in the order in which they are met, each with its operations.
function byTag(operations) {
  const tags = new Map()
  for (const operation of operations) {
    const tag = operation.tags?.[0] ?? 'Others'
    if (!tags.has(tag)) tags.set(tag, [])
    tags.get(tag).push(operation)
  }
  return tags
}

function contents(tags) {
  return h(
    'nav',
    { 'aria-label': 'Contents' },
    h(
      'ul',
      {},
      [...tags.keys()].map((tag) => h('li', {}, h('a', { href: `#tag-${tag}` }, tag))),
      h('li', {}, h('a', { href: '#types' }, 'Types')),
    ),
  )
}

function types(document) {
  return h(
    'section',
    { id: 'types' },
    h('h2', {}, 'Types'),
    Object.entries(document.components.schemas).map(([name, schema]) =>
      h(
        'details',
        { id: `type-${name}` },
        h('summary', {}, h('code', {}, name)),
        schema.description && h('p', {}, schema.description),
        h('pre', { tabindex: '0' }, schemaText(schema)),
      ),
    ),
  )
}

function page(document) {
  const tags = byTag(operationsOf(document))
  return [
    h(
      'header',
      {},
      h('h1', {}, 'The HTTP API of omashu'),
      h('p', {}, document.info.description),
      h('p', { class: 'muted' }, `${document.info.version}. For programs it is at `, h('a', { href: 'openapi.json' }, 'openapi.json'), '.'),
    ),
    contents(tags),
    [...tags].map(([tag, operations]) =>
      h(
        'section',
        { id: `tag-${tag}` },
        h('h2', {}, tag),
        operations.map((operation) => operationView(operation)),
      ),
    ),
    types(document),
  ]
}

// What an address names is opened, so that it can be seen.
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (target instanceof HTMLDetailsElement) target.open = true
  target?.scrollIntoView()
}

async function start() {
  const main = document.getElementById('main')
  try {
    const answer = await fetch('openapi.json')
    if (!answer.ok) throw new Error(`The server answered ${answer.status}.`)
    replace(main, page(await answer.json()))
  } catch (error) {
    replace(main, h('h1', {}, 'The HTTP API of omashu'), h('p', { role: 'alert' }, `openapi.json cannot be read: ${error.message}`))
  }
  addEventListener('hashchange', openTarget)
  openTarget()
}

start()
