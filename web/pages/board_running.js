// What runs: how far each is, how fast, and how long it still takes. Kept up to date by a watch of the running rows; where
// there are very many, the latest are asked for instead.

import { listRows } from '../api/tables.js'
import { Watch } from '../api/watch.js'
import { conditionText, memberOf } from '../model/filter.js'
import { formatNumber, timeOf } from '../model/format.js'
import { ProgressMeter } from '../model/progress.js'
import { fieldOf } from '../model/path.js'
import { link } from '../model/route.js'
import { RowSet } from '../model/row_set.js'
import { h, replace, setText } from '../view/dom.js'
import { KeyedList } from '../view/keyed_list.js'
import { empty, loading } from '../view/states.js'
import { makeJob, showJob } from './board_job.js'

const MAX_WATCHED = 2000
const MAX_SHOWN = 60
const DRAW_EVERY_MS = 250

export class BoardRunning {
  #rows = new RowSet()
  #meters = new Map()
  #watch = null
  #timer = 0
  #drawn = 0
  #isReady = false
  state = 'connecting'

  constructor(description, states, { onChange, onState }) {
    this.description = description
    this.states = states
    this.onChange = onChange
    this.onState = onState
    this.where = [conditionText({ field: description.board.status.path, operator: 'in', operand: states.map(memberOf).join(', ') })]
    this.count = h('span', { class: 'count' })
    const list = h('ul', { class: 'jobs' })
    this.list = new KeyedList(list, { key: (row) => row.id, create: (row) => makeJob(description, row), update: (item, row) => showJob(description, item, row, this.#meters.get(row.id), Date.now()) })
    this.waiting = h('div', {}, states.length > 0 && loading('Loading what runs'))
    this.nothing = h('div', { hidden: true }, empty('Nothing runs now.'))
    this.more = h('a', { class: 'more', hidden: true, href: link(['tables', description.name, 'rows'], { where: this.where }) })
    const title = states.length === 1 ? states[0] : 'Under way'
    this.element = h('section', { class: 'panel running', 'aria-label': title }, h('h2', {}, title, this.count), this.waiting, list, this.nothing, this.more)
    // Rates and ages go on while nothing arrives.
    this.ticker = setInterval(() => this.#draw(), 1000)
  }

  stop() {
    this.#watch?.end()
    clearInterval(this.ticker)
    clearTimeout(this.#timer)
  }

  setCounts(counts) {
    const running = counts.filter(({ value }) => this.states.includes(value)).reduce((sum, { count }) => sum + count, 0)
    this.total = running
    if (running <= MAX_WATCHED) {
      if (!this.#watch && this.states.length > 0) this.#start()
    } else {
      this.#watch?.end()
      this.#watch = null
      this.#setState('live')
      void this.#list()
    }
    if (this.states.length === 0) this.#setState('live')
  }

  #start() {
    this.#watch = new Watch(this.description.name, this.where, {
      reset: () => {
        this.#rows.clear()
        this.#isReady = false
      },
      ready: () => {
        this.#isReady = true
        this.#schedule()
      },
      row: (event, row) => this.#take(event, row),
      state: (state) => this.#setState(state),
    })
  }

  #setState(state) {
    if (this.state === state) return
    this.state = state
    this.onState(state)
  }

  #take(event, row) {
    this.#rows.apply(event, row)
    this.#measure(event, row)
    this.#schedule()
    if (this.#isReady && event !== 'update') this.onChange()
  }

  #measure(event, row) {
    if (event === 'leave' || event === 'delete') {
      this.#meters.delete(row.id)
      return
    }
    const { progress, updated } = this.description.board
    const amount = progress ? Number(fieldOf(row, progress.path)) : NaN
    const time = timeOf(updated ? fieldOf(row, updated.path) : row.timestamp) ?? timeOf(row.timestamp)
    if (!Number.isFinite(amount) || time === undefined) return
    if (!this.#meters.has(row.id)) this.#meters.set(row.id, new ProgressMeter())
    this.#meters.get(row.id).add(amount, time)
  }

  async #list() {
    const { updated } = this.description.board
    const query = { where: this.where, sort: updated ? `-${updated.path}` : '', limit: MAX_SHOWN }
    const found = await listRows(this.description.name, query).catch(() => null)
    if (!found || this.#watch) return
    this.#rows.clear()
    this.#isReady = true
    for (const row of found.rows) {
      this.#rows.apply('enter', row)
      this.#measure('enter', row)
    }
    this.#draw()
  }

  #schedule() {
    if (this.#timer !== 0) return
    const wait = Math.max(0, this.#drawn + DRAW_EVERY_MS - performance.now())
    this.#timer = setTimeout(() => {
      this.#timer = 0
      this.#draw()
    }, wait)
  }

  #draw() {
    this.#drawn = performance.now()
    if (!this.#isReady && this.#rows.size === 0) return
    replace(this.waiting)
    const { updated } = this.description.board
    // The order in which they began: rows that jump with each update cannot be read.
    const started = this.description.board.started ?? updated
    const rows = this.#rows.rows
      .map((row) => ({ row, time: timeOf(started ? fieldOf(row, started.path) : row.timestamp) ?? 0 }))
      .sort((a, b) => b.time - a.time || (a.row.id < b.row.id ? -1 : 1))
      .slice(0, MAX_SHOWN)
      .map(({ row }) => row)
    this.list.show(rows)
    const total = this.#watch ? this.#rows.size : this.total
    setText(this.count, formatNumber(total))
    this.nothing.hidden = total > 0
    this.more.hidden = total <= rows.length
    setText(this.more, `All ${formatNumber(total)}`)
  }
}
