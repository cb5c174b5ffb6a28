// The rows of a table: columns, order and conditions are in the address, so each view can be handed on.

import { link, queryText } from '../model/route.js'
import { defaultColumns, fieldsOfRows } from '../model/columns.js'
import { formatNumber, plural } from '../model/format.js'
import { announce } from '../view/announce.js'
import { h, replace, setText } from '../view/dom.js'
import { Freshness } from '../view/freshness.js'
import { empty, failure, loading } from '../view/states.js'
import { VirtualTable } from '../view/virtual_table.js'
import { chooseColumns } from './column_chooser.js'
import { FilterBar } from './filter_bar.js'
import { tableColumns } from './row_columns.js'
import { RowSource } from './row_source.js'
import { tableHead } from './table_head.js'
import { whenRestored } from './when_restored.js'
import { keyText } from '../model/key.js'

export function rowsPage({ table, query, signal, setQuery }) {
  const frame = h('div', { class: 'rows-place' }, loading('Loading rows'))
  const freshness = new Freshness(frame)
  const tools = h('div', { class: 'tools' })
  const element = h('div', { class: 'page filling' }, tableHead(table, 'Rows', freshness), tools, frame)
  const view = new RowsView({ table, query, signal, changeAddress: setQuery, frame, freshness, tools })
  void view.begin()
  return { title: `${table} rows`, element, update: (next) => view.setQuery(next), stop: () => view.stop() }
}

class RowsView {
  #rows = []
  #columnsShown = ''

  constructor(parts) {
    Object.assign(this, parts)
    this.grid = new VirtualTable({
      label: `Rows of ${this.table}`,
      href: (row) => link(['tables', this.table, 'rows', keyText(row.key)]),
      onSort: (sort) => this.#change({ sort }),
      onNearEnd: () => this.source?.more(),
    })
  }

  stop() {
    this.source?.stop()
    this.freshness.stop()
    this.grid.stop()
  }

  async begin() {
    try {
      this.description = await whenRestored(this.table, { signal: this.signal, show: (panel) => replace(this.frame, panel), onTable: (now) => this.freshness.setTable(now) })
    } catch (error) {
      if (error.name === 'AbortError') return
      if (error.isUnreachable) this.freshness.setState('lost')
      replace(this.frame, failure(error, () => this.begin()))
      return
    }
    this.filter = new FilterBar(this.description, { onChange: (where) => this.#change({ where }) })
    this.total = h('span', { class: 'total' })
    this.pause = h('button', { type: 'button', class: 'button small', 'aria-pressed': 'false', on: { click: () => this.#togglePause() } }, 'Pause')
    this.json = h('a', { class: 'button small', href: 'v1/tables' }, 'JSON')
    const columns = h('button', { type: 'button', class: 'button small', on: { click: () => this.#chooseColumns() } }, 'Columns')
    replace(this.tools, this.filter.element, h('div', { class: 'tools-right' }, this.total, this.pause, columns, this.json))
    this.setQuery(this.query)
  }

  setQuery(query) {
    this.query = query
    if (!this.description) return
    const where = query.getAll('where')
    this.filter.show(where)
    this.json.setAttribute('href', `v1/tables/${encodeURIComponent(this.table)}/rows?${queryText({ where, sort: query.get('sort') ?? '' })}`)
    this.#rows = []
    this.#columnsShown = ''
    this.source?.stop()
    replace(this.frame, loading('Loading rows'))
    this.source = new RowSource(this.description, { where, sort: query.get('sort') ?? '' }, {
      onRows: (rows, changed) => this.#show(rows, changed),
      onState: (state) => this.freshness.setState(state),
      onTable: (table) => this.freshness.setTable(table),
      onProblem: (error) => this.#fail(error),
      onWaiting: (count) => setText(this.pause, count > 0 ? `Resume (${formatNumber(count)})` : 'Resume'),
    })
    this.pause.hidden = false
    setText(this.pause, 'Pause')
    this.pause.setAttribute('aria-pressed', 'false')
  }

  #show(rows, changed) {
    this.#rows = rows
    this.#showTotal()
    if (rows.length === 0) {
      this.#columnsShown = ''
      const isFiltered = this.query.getAll('where').length > 0
      const all = h('a', { class: 'button', href: link(['tables', this.table, 'rows']) }, 'Show all rows')
      replace(this.frame, empty(isFiltered ? 'No row is like that.' : 'The table has no rows yet.', isFiltered && all))
      return
    }
    this.#showColumns(rows)
    if (this.grid.element.parentNode !== this.frame) {
      replace(this.frame, this.source.note(), this.grid.element)
      announce(plural(rows.length, 'row'))
    }
    this.grid.setRows(rows, changed)
  }

  #showTotal() {
    const { loaded, total } = this.source.extent()
    setText(this.total, loaded < total ? `${formatNumber(loaded)} of ${plural(total, 'row')}` : plural(loaded, 'row'))
    this.pause.hidden = !this.source.isLive
  }

  // Columns stay while rows change, so that nothing jumps.
  #showColumns(rows) {
    const chosen = this.#paths(rows)
    const shown = `${chosen.join(',')} ${this.query.get('sort') ?? ''}`
    if (shown === this.#columnsShown) return
    this.#columnsShown = shown
    this.grid.setColumns(tableColumns(this.#fields(rows), chosen, rows), this.query.get('sort') ?? '')
  }

  #fields(rows) {
    return this.description.fields.length > 0 ? this.description.fields : fieldsOfRows(rows.slice(0, 50))
  }

  #paths(rows) {
    const said = this.query.get('columns')
    return said ? said.split(',') : defaultColumns(this.#fields(rows), this.description.board, this.description.keyFields)
  }

  #chooseColumns() {
    const fields = this.#fields(this.#rows)
    chooseColumns(fields, this.#paths(this.#rows), (columns) => this.#change({ columns: columns.join(',') }))
  }

  #togglePause() {
    const isPaused = this.source.togglePause()
    this.pause.setAttribute('aria-pressed', String(isPaused))
    setText(this.pause, isPaused ? 'Resume' : 'Pause')
    announce(isPaused ? 'Paused' : 'Live again')
  }

  #change(change) {
    const now = { where: this.query.getAll('where'), sort: this.query.get('sort'), columns: this.query.get('columns') }
    this.changeAddress({ ...now, ...change })
  }

  #fail(error) {
    if (error.isUnreachable) {
      this.freshness.setState('lost')
      if (this.#rows.length > 0) return
    }
    if (error.status === 400 || error.status === 422) this.filter.showProblem(error.message)
    replace(this.frame, failure(error, () => this.setQuery(this.query)))
  }
}
