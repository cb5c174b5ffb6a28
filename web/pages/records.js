// The records of a topic as they stand in the log: from where, of which partition, those that suit some conditions. More
// are read as the reader scrolls.

import { readRecords } from '../api/cluster.js'
import { plural } from '../model/format.js'
import { queryText } from '../model/route.js'
import { announce } from '../view/announce.js'
import { h, replace, setText } from '../view/dom.js'
import { empty, failure, loading } from '../view/states.js'
import { VirtualTable } from '../view/virtual_table.js'
import { FilterBar } from './filter_bar.js'
import { RecordDetail } from './record_detail.js'
import { recordColumns, recordOf } from './record_columns.js'
import { recordStart, startOf } from './record_start.js'
import { topicHead } from './topic_head.js'

const PAGE_RECORDS = 200
const MAX_RECORDS = 50_000
const NARROW_PIXELS = 768

export function recordsPage({ topic, query, signal, setQuery }) {
  const view = new RecordsView({ topic, query, signal, changeAddress: setQuery })
  view.setQuery(query)
  return { title: `${topic} records`, element: view.element, update: (next) => view.setQuery(next), stop: () => view.stop() }
}

class RecordsView {
  #asked = null
  #records = []
  #next = null // `from` of the page behind this one
  #isReading = false
  #scanned = 0
  #isNarrow = null

  constructor(parts) {
    Object.assign(this, parts)
    this.place = h('div', { class: 'rows-place' })
    this.total = h('span', { class: 'total' })
    this.start = recordStart((change) => this.#change({ ...change, direction: '', open: '' }))
    this.filter = new FilterBar({ placeholder: 'status=FAILED' }, { onChange: (where) => this.#change({ where, open: '' }) })
    this.detail = new RecordDetail(() => this.#change({ open: '' }, { replace: true }))
    this.goOn = h('button', { type: 'button', class: 'button small', hidden: true, on: { click: () => this.#more() } }, 'Look further')
    const again = h('button', { type: 'button', class: 'button small', on: { click: () => this.#read() } }, 'Read again')
    this.grid = new VirtualTable({
      label: `Records of ${this.topic}`,
      onOpen: (row) => this.#change({ open: row.id }, { replace: true }),
      onNearEnd: () => this.goOn.hidden && this.#more(),
      rowClass: (row) => (row.isOpen ? 'open' : ''),
    })
    this.element = h(
      'div',
      { class: 'page filling' },
      topicHead(this.topic, 'Records'),
      h('div', { class: 'tools' }, this.start.element, this.filter.element, h('div', { class: 'tools-right' }, this.total, this.goOn, again)),
      h('div', { class: 'split' }, this.place, this.detail.element)
    )
  }

  stop() {
    this.grid.stop()
  }

  // Which record is open changes nothing of what is read.
  setQuery(query) {
    this.query = query
    this.start.show(query)
    this.filter.show(query.getAll('where'))
    if (queryText(this.#request()) !== this.#asked) void this.#read()
    else this.#showOpen()
  }

  #request() {
    const from = this.query.get('from')
    const direction = this.query.get('direction') ?? (startOf(from) === 'end' ? 'older' : 'newer')
    return { partition: this.query.get('partition'), from: from ?? 'end', direction, where: this.query.getAll('where'), limit: PAGE_RECORDS }
  }

  async #read() {
    const request = this.#request()
    this.#asked = queryText(request)
    this.#records = []
    this.#scanned = 0
    this.#isNarrow = null
    replace(this.place, loading('Reading records'))
    await this.#page(request, (error) => {
      if (error.status === 400 || error.status === 422) this.filter.showProblem(error.message)
      replace(this.place, failure(error, () => this.#read()))
    })
  }

  async #more() {
    if (this.#isReading || this.#next === null || this.#records.length >= MAX_RECORDS) return
    await this.#page({ ...this.#request(), from: this.#next }, (error) => setText(this.total, error.message))
  }

  async #page(request, onProblem) {
    const asked = this.#asked
    this.#isReading = true
    try {
      const answer = await readRecords(this.topic, request, this.signal)
      if (asked !== this.#asked) return
      this.#take(answer, request.direction)
    } catch (error) {
      if (error.name !== 'AbortError' && asked === this.#asked) onProblem(error)
    } finally {
      if (asked === this.#asked) this.#isReading = false
    }
  }

  #take(answer, direction) {
    this.#records = [...this.#records, ...answer.records.map(recordOf)]
    this.#scanned += answer.scanned
    // The newer page is always there; it is asked for again only by hand where nothing came.
    this.#next = direction === 'older' ? answer.older : answer.records.length > 0 || !answer.isComplete ? answer.newer : null
    this.goOn.hidden = answer.isComplete || this.#next === null
    this.#show()
  }

  #show() {
    const scanned = this.query.getAll('where').length > 0 ? ` in ${plural(this.#scanned, 'record')}` : ''
    setText(this.total, `${plural(this.#records.length, 'record')}${scanned}`)
    if (this.#records.length === 0) {
      const beginning = h('button', { type: 'button', class: 'button', on: { click: () => this.#change({ from: 'beginning', direction: '' }) } }, 'Read from the beginning')
      replace(this.place, empty(this.goOn.hidden ? 'No record is there.' : 'Nothing found so far.', startOf(this.query.get('from')) !== 'beginning' && beginning))
    } else if (this.grid.element.parentNode !== this.place) {
      replace(this.place, this.grid.element)
      announce(plural(this.#records.length, 'record'))
    }
    this.#showOpen()
  }

  #showOpen() {
    const open = this.query.get('open')
    const record = this.#records.find(({ id }) => id === open) ?? null
    this.detail.show(record)
    // A row that opens or closes becomes another object, so that it is drawn again.
    this.#records = this.#records.map((row) => (Boolean(row.isOpen) === (row.id === open) ? row : { ...row, isOpen: row.id === open }))
    this.#showColumns(record !== null || innerWidth < NARROW_PIXELS)
    this.grid.setRows(this.#records)
  }

  #showColumns(isNarrow) {
    if (this.#records.length === 0 || this.#isNarrow === isNarrow) return
    this.#isNarrow = isNarrow
    this.grid.setColumns(recordColumns(this.#records, isNarrow))
  }

  #change(change, options) {
    const all = Object.fromEntries(['partition', 'from', 'direction', 'open'].map((name) => [name, this.query.get(name)]))
    this.changeAddress({ ...all, where: this.query.getAll('where'), ...change }, options)
  }
}
