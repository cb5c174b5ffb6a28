// What every page has: a head with its title, where it belongs, and what can be done; and places for the rest.

import { h } from './dom.js'

// trail: [{text, href}] of what is above this page.
export function pageHead({ title, trail = [], pill, actions = [], tabs }) {
  return h(
    'header',
    { class: 'page-head' },
    trail.length > 0 &&
      h('nav', { class: 'trail', 'aria-label': 'Where this page belongs' }, trail.map(({ text, href }, index) => [index > 0 && h('span', { 'aria-hidden': 'true' }, '/'), h('a', { href }, text)])),
    h('div', { class: 'page-title' }, h('h1', { tabIndex: -1 }, title), pill, h('div', { class: 'page-actions' }, actions)),
    tabs
  )
}

// [{text, href, isCurrent, count}]
export function tabBar(label, tabs) {
  return h(
    'nav',
    { class: 'tabs', 'aria-label': label },
    tabs.map(({ text, href, isCurrent, count }) =>
      h('a', { href, 'aria-current': isCurrent ? 'page' : undefined }, text, count !== undefined && h('span', { class: 'count' }, String(count)))
    )
  )
}

export function section(title, ...content) {
  return h('section', { class: 'panel' }, h('h2', {}, title), content)
}

// Facts in pairs: [[name, value]…].
export function facts(pairs) {
  return h('dl', { class: 'facts' }, pairs.filter(Boolean).map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))))
}

// A short table: head is texts or {text, isNumeric}; rows are arrays of cells. The first cell names its row.
export function plainTable(label, head, rows) {
  const columns = head.map((column) => (typeof column === 'string' ? { text: column } : column))
  const name = (index) => (columns[index].isNumeric ? 'numeric' : '')
  return h(
    'div',
    { class: 'plain-frame', tabIndex: 0, role: 'region', 'aria-label': label },
    h(
      'table',
      { class: 'plain' },
      h('thead', {}, h('tr', {}, columns.map((column, index) => h('th', { scope: 'col', class: name(index) }, column.text)))),
      h('tbody', {}, rows.map((cells) => h('tr', {}, cells.map((cell, index) => h(index === 0 ? 'th' : 'td', { scope: index === 0 ? 'row' : undefined, class: name(index) }, cell)))))
    )
  )
}
