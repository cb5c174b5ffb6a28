// The dashboard: which page an address means, and what all pages have around them.

import { listTables } from './api/tables.js'
import { parseRoute, link } from './model/route.js'
import { boardPage } from './pages/board.js'
import { groupPage } from './pages/group.js'
import { groupsPage } from './pages/groups.js'
import { aboutPage } from './pages/about.js'
import { planPage } from './pages/plan.js'
import { recordsPage } from './pages/records.js'
import { rowPage } from './pages/row.js'
import { rowsPage } from './pages/rows.js'
import { schemaPage } from './pages/schema.js'
import { schemasPage } from './pages/schemas.js'
import { tablesPage } from './pages/tables.js'
import { topicPage } from './pages/topic.js'
import { topicsPage } from './pages/topics.js'
import { h, replace } from './view/dom.js'
import { listenForKeys } from './view/keys.js'
import { pageHead } from './view/page.js'
import { SideBar } from './view/side_bar.js'
import { empty } from './view/states.js'

const TABLES_EVERY_MS = 5000

// Patterns of addresses: a name in braces is one segment. The first that suits is taken.
const PAGES = [
  ['', tablesPage],
  ['tables', tablesPage],
  ['tables/{table}', boardPage],
  ['tables/{table}/rows', rowsPage],
  ['tables/{table}/rows/{key}', rowPage],
  ['tables/{table}/about', aboutPage],
  ['topics', topicsPage],
  ['topics/{topic}', topicPage],
  ['topics/{topic}/records', recordsPage],
  ['groups', groupsPage],
  ['groups/{group}', groupPage],
  ['schemas', schemasPage],
  ['schemas/{subject}', schemaPage],
  ['plan', planPage],
]

function findPage(segments) {
  for (const [pattern, page] of PAGES) {
    const parts = pattern.split('/').filter((part) => part !== '')
    if (parts.length !== segments.length) continue
    const names = {}
    const suits = parts.every((part, index) => {
      if (!part.startsWith('{')) return part === segments[index]
      names[part.slice(1, -1)] = segments[index]
      return true
    })
    if (suits) return { page, names }
  }
  return { page: notFoundPage, names: {} }
}

function notFoundPage() {
  const element = h('div', { class: 'page' }, pageHead({ title: 'Nothing here' }), empty('There is no such page.', h('a', { class: 'button', href: '#/' }, 'All tables')))
  return { title: 'Nothing here', element }
}

class App {
  #shown = null // {page, path, view, abort}

  constructor() {
    this.main = document.getElementById('main')
    this.side = new SideBar(document.getElementById('side'))
    document.getElementById('skip').addEventListener('click', (event) => {
      event.preventDefault()
      this.main.focus()
    })
    listenForKeys()
    addEventListener('hashchange', () => this.show())
    this.show()
    this.#followTables()
  }

  show() {
    const { segments, query } = parseRoute(location.hash)
    const path = link(segments)
    const { page, names } = findPage(segments)
    this.side.showCurrent(segments)
    if (this.#shown?.path === path && this.#shown.view.update) {
      this.#shown.view.update(query)
      return
    }
    const isFirst = this.#shown === null
    this.#leave()
    const abort = new AbortController()
    const context = { ...names, query, signal: abort.signal, setQuery: (next, options) => this.#setQuery(segments, next, options) }
    const view = page(context)
    this.#shown = { path, view, abort }
    replace(this.main, view.element)
    document.title = `${view.title} · omashu`
    this.side.close()
    if (isFirst) return
    scrollTo(0, 0)
    // A screen reader begins to read the new page at its heading.
    ;(this.main.querySelector('h1') ?? this.main).focus({ preventScroll: true })
  }

  #leave() {
    this.#shown?.abort.abort()
    this.#shown?.view.stop?.()
  }

  // `replace` leaves no step behind for the back button: for what changes with each letter.
  #setQuery(segments, query, { replace: isReplacing = false } = {}) {
    const address = link(segments, query)
    if (isReplacing) {
      history.replaceState(null, '', address)
      this.show()
    } else {
      location.hash = address
    }
  }

  async #followTables() {
    try {
      this.side.showTables(await listTables())
      this.side.setStale(false)
    } catch {
      this.side.setStale(true)
    }
    setTimeout(() => this.#followTables(), TABLES_EVERY_MS)
  }
}

new App()
