// The way around: the tables, what the cluster holds, and the switches. On a narrow screen it is a bar with a menu.

import { link } from '../model/route.js'
import { formatShort } from '../model/format.js'
import { h, setClass, setText } from './dom.js'
import { icon, mark } from './icons.js'
import { KeyedList } from './keyed_list.js'
import { showKeys } from './keys.js'
import { themeSwitch } from './theme_switch.js'

const CLUSTER = [
  { name: 'topics', text: 'Topics', icon: 'topic' },
  { name: 'groups', text: 'Groups', icon: 'group' },
  { name: 'schemas', text: 'Schemas', icon: 'schema' },
  { name: 'plan', text: 'Plan', icon: 'plan' },
]

export class SideBar {
  constructor(element) {
    this.element = element
    const tables = h('ul')
    this.note = h('p', { class: 'side-note', hidden: true })
    this.links = new Map(CLUSTER.map((entry) => [entry.name, h('a', { href: link([entry.name]) }, icon(entry.icon), entry.text)]))
    this.tables = new KeyedList(tables, { key: (table) => table.name, create: makeTable, update: (item, table) => this.#showTable(item, table) })
    const menu = h('button', { type: 'button', class: 'icon-button menu-button', 'aria-label': 'Menu', 'aria-expanded': 'false', 'aria-controls': 'side-menu' }, icon('menu'))
    menu.addEventListener('click', () => this.#toggle())
    this.menu = menu
    element.append(
      h('div', { class: 'brand' }, h('a', { href: '#/', 'aria-label': 'omashu, all tables' }, mark(), h('span', {}, 'omashu')), menu),
      h(
        'div',
        { id: 'side-menu', class: 'side-menu' },
        h('nav', { 'aria-label': 'Pages' }, h('h2', {}, h('a', { href: '#/' }, 'Tables')), tables, this.note, h('h2', {}, 'Cluster'), h('ul', {}, [...this.links.values()].map((anchor) => h('li', {}, anchor)))),
        h(
          'div',
          { class: 'side-foot' },
          themeSwitch(),
          h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Keys', title: 'Keys (?)', on: { click: showKeys } }, icon('keys')),
          h('a', { href: 'docs' }, 'API')
        )
      )
    )
  }

  showTables(tables) {
    this.note.hidden = tables.length > 0
    setText(this.note, tables.length > 0 ? '' : 'No tables are served.')
    this.tables.show(tables)
    this.showCurrent()
  }

  // Marks where the reader is, and closes the menu of a narrow screen.
  showCurrent(segments = this.segments ?? []) {
    this.segments = segments
    for (const [name, anchor] of this.links) current(anchor, segments[0] === name)
    for (const [name, item] of this.tables.elements) current(item.querySelector('a'), segments[0] === 'tables' && segments[1] === name)
  }

  close() {
    if (this.element.classList.contains('open')) this.#toggle()
  }

  #toggle() {
    const isOpen = this.element.classList.toggle('open')
    this.menu.setAttribute('aria-expanded', String(isOpen))
  }

  #showTable(item, table) {
    setText(item.querySelector('.count'), formatShort(table.rows))
    const dot = item.querySelector('.dot')
    dot.dataset.state = table.outage ? 'lost' : table.isRestoring ? 'restoring' : 'live'
  }

  setStale(isStale) {
    setClass(this.element, 'stale', isStale)
  }
}

function makeTable(table) {
  return h('li', {}, h('a', { href: link(['tables', table.name]) }, h('span', { class: 'dot', 'aria-hidden': 'true' }), h('span', { class: 'name' }, table.name), h('span', { class: 'count', title: 'rows' })))
}

function current(anchor, isCurrent) {
  if (isCurrent) anchor.setAttribute('aria-current', 'page')
  else anchor.removeAttribute('aria-current')
}
