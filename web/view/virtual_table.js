// A table of any length, of which only the rows that can be seen are there. It is a real table to screen readers, which
// are told how many rows there are; arrow keys go from row to row, Enter opens one.

import { h, replace, setClass } from './dom.js'
import { scrollTo, windowOf } from '../model/virtual_window.js'

const ROW_HEIGHT = 34

// columns: [{id, title, isNumeric, width, sortPath, cell(row) → text or element}]
// options: label; href(row); onOpen(row); onSort(column); onSelect(row); onNearEnd(); rowClass(row); rowLabel(row)
export class VirtualTable {
  #rows = []
  #columns = []
  #sort = ''
  #drawn = new Map() // id → {tr, row}
  #active = null // the id of the row that has the tab stop
  #frame = 0
  #changed = new Set()

  constructor(options) {
    this.options = options
    this.head = h('tr', { 'aria-rowindex': '1' })
    this.before = h('tbody', { class: 'spacer', 'aria-hidden': 'true' })
    this.body = h('tbody')
    this.after = h('tbody', { class: 'spacer', 'aria-hidden': 'true' })
    this.columnGroup = h('colgroup')
    this.table = h(
      'table',
      { class: 'rows', 'aria-label': options.label },
      this.columnGroup,
      h('thead', {}, this.head),
      this.before,
      this.body,
      this.after
    )
    this.element = h('div', { class: 'rows-frame', tabIndex: -1 }, this.table)
    this.element.addEventListener('scroll', () => this.#schedule(), { passive: true })
    this.element.addEventListener('keydown', (event) => this.#onKey(event))
    this.observer = new ResizeObserver(() => this.#schedule())
    this.observer.observe(this.element)
  }

  stop() {
    this.observer.disconnect()
    cancelAnimationFrame(this.#frame)
  }

  setColumns(columns, sort = '') {
    this.#columns = columns
    this.#sort = sort
    // A column that takes what is left makes the table as wide as its frame.
    setClass(this.table, 'fits', columns.some(({ width }) => width === 'auto'))
    replace(this.columnGroup, columns.map((column) => h('col', { style: { width: column.width ?? '12ch' } })))
    replace(this.head, columns.map((column) => this.#headCell(column)))
    // The spacers span as many columns as there were, and would make more of them.
    for (const spacer of [this.before, this.after]) delete spacer.dataset.height
    for (const { tr } of this.#drawn.values()) tr.remove()
    this.#drawn.clear()
    this.#schedule()
  }

  // `changed` are the ids of rows that are shown as just changed.
  setRows(rows, changed = []) {
    this.#rows = rows
    for (const id of changed) this.#changed.add(id)
    this.table.setAttribute('aria-rowcount', String(rows.length + 1))
    this.#schedule()
  }

  focusFirst() {
    if (this.#rows.length > 0) this.#focus(Math.max(0, this.#indexOf(this.#active)))
  }

  scrollToTop() {
    this.element.scrollTop = 0
  }

  #headCell(column) {
    const [path, isDescending] = this.#sort.startsWith('-') ? [this.#sort.slice(1), true] : [this.#sort, false]
    const isSorted = column.sortPath !== undefined && column.sortPath === path && path !== ''
    const properties = {
      scope: 'col',
      class: column.isNumeric ? 'numeric' : '',
      title: column.hint,
      'aria-sort': isSorted ? (isDescending ? 'descending' : 'ascending') : undefined,
    }
    if (column.sortPath === undefined || !this.options.onSort) return h('th', properties, column.title)
    const sort = () => this.options.onSort(isSorted && !isDescending ? `-${path}` : isSorted ? '' : column.sortPath)
    return h(
      'th',
      properties,
      h('button', { type: 'button', class: 'sort', on: { click: sort } }, h('span', {}, column.title), h('span', { class: 'sort-mark', 'aria-hidden': 'true' }, isSorted ? (isDescending ? '↓' : '↑') : ''))
    )
  }

  #schedule() {
    if (this.#frame !== 0) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      this.#draw()
    })
  }

  #draw() {
    const { first, last, before, after, shown } = windowOf({
      scrollTop: this.element.scrollTop,
      height: this.element.clientHeight,
      rowHeight: ROW_HEIGHT,
      count: this.#rows.length,
    })
    this.#space(this.before, before)
    this.#space(this.after, after)
    const kept = new Map()
    let previous = null
    for (let index = first; index < last; ++index) {
      const tr = this.#drawRow(this.#rows[index], index, kept)
      const place = previous ? previous.nextSibling : this.body.firstChild
      if (place !== tr) this.body.insertBefore(tr, place)
      previous = tr
    }
    for (const [id, { tr }] of this.#drawn) {
      if (!kept.has(id)) tr.remove()
    }
    this.#drawn = kept
    this.#changed.clear()
    if (!kept.has(this.#active) && first < last) this.#setActive(this.#rows[first].id)
    if (last >= shown - 20) this.options.onNearEnd?.()
  }

  #space(body, height) {
    if (body.dataset.height === String(height)) return
    body.dataset.height = String(height)
    const cell = h('td', { colspan: this.#columns.length || 1, style: { height: `${height}px` } })
    replace(body, height > 0 && h('tr', {}, cell))
  }

  #drawRow(row, index, kept) {
    const drawn = this.#drawn.get(row.id)
    const tr = drawn?.tr ?? h('tr', { tabIndex: -1, on: { click: (event) => this.#onClick(event, row.id), focus: () => this.#setActive(row.id) } })
    if (!drawn) tr.dataset.id = row.id
    if (!drawn || drawn.row !== row) {
      replace(tr, this.#columns.map((column, at) => this.#cell(column, row, at === 0)))
      tr.className = this.options.rowClass?.(row) ?? ''
    }
    if (this.#changed.has(row.id)) this.#flash(tr)
    tr.tabIndex = row.id === this.#active ? 0 : -1
    tr.setAttribute('aria-rowindex', String(index + 2))
    kept.set(row.id, { tr, row })
    return tr
  }

  #flash(tr) {
    tr.classList.remove('flash')
    void tr.offsetWidth // begins the animation anew
    tr.classList.add('flash')
  }

  #cell(column, row, isFirst) {
    const content = column.cell(row)
    const name = column.isNumeric ? 'numeric' : ''
    if (!isFirst || !this.options.href) return h(isFirst ? 'th' : 'td', { class: name, scope: isFirst ? 'row' : undefined }, content)
    return h('th', { scope: 'row', class: name }, h('a', { href: this.options.href(row), tabIndex: -1 }, content))
  }

  #indexOf(id) {
    return this.#rows.findIndex((row) => row.id === id)
  }

  #setActive(id) {
    const before = this.#drawn.get(this.#active)
    if (before) before.tr.tabIndex = -1
    this.#active = id
    const now = this.#drawn.get(id)
    if (now) now.tr.tabIndex = 0
  }

  #focus(index) {
    const row = this.#rows[index]
    const top = scrollTo({
      index,
      scrollTop: this.element.scrollTop,
      height: this.element.clientHeight,
      rowHeight: ROW_HEIGHT,
      headHeight: this.head.offsetHeight,
    })
    if (top !== undefined) this.element.scrollTop = top
    this.#setActive(row.id)
    this.#draw()
    this.#drawn.get(row.id)?.tr.focus({ preventScroll: true })
    this.options.onSelect?.(row)
  }

  #onKey(event) {
    if (!(event.target instanceof HTMLTableRowElement) || event.ctrlKey || event.altKey || event.metaKey) return
    const index = this.#indexOf(event.target.dataset.id)
    if (event.key === 'Enter') {
      event.preventDefault()
      if (index >= 0) this.#open(this.#rows[index])
      return
    }
    const page = Math.max(1, Math.floor(this.element.clientHeight / ROW_HEIGHT) - 2)
    const steps = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }
    const step = steps[event.key]
    if (step === undefined || this.#rows.length === 0) return
    event.preventDefault()
    this.#focus(Math.min(this.#rows.length - 1, Math.max(0, index + step)))
  }

  #onClick(event, id) {
    if (event.target.closest('a, button, input, summary') || String(getSelection()) !== '') return
    const index = this.#indexOf(id)
    if (index >= 0) this.#open(this.#rows[index])
  }

  #open(row) {
    if (this.options.onOpen) this.options.onOpen(row)
    else if (this.options.href) location.hash = this.options.href(row)
  }
}

export function setStale(element, isStale) {
  setClass(element, 'stale', isStale)
}
