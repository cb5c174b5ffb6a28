// Where the rows of a view come from. Up to some ten thousand are held here, sorted here, and kept up to date by a watch;
// of more, the server sorts and hands out pages, which are read as the reader scrolls.

import { countRows, describeTable, listRows } from '../api/tables.js'
import { Watch } from '../api/watch.js'
import { formatTime, plural } from '../model/format.js'
import { sorted } from '../model/order.js'
import { RowSet } from '../model/row_set.js'
import { h } from '../view/dom.js'
import { Poll } from '../view/poll.js'

const MAX_WATCHED = 20_000
const PAGE_ROWS = 500
const MAX_PAGED = 200_000
const DRAW_EVERY_MS = 250
const TABLE_EVERY_MS = 2000

export class RowSource {
  #rows = new RowSet()
  #changed = new Set()
  #timer = 0
  #drawn = -DRAW_EVERY_MS
  #isReady = false
  #isPaused = false
  #waiting = 0
  #paged = [] // without a watch
  #cursor = null
  #isAsking = false
  #isStopped = false
  isLive = true
  total = 0

  // on: onRows(rows, changed ids), onState, onTable, onProblem, onWaiting(count while paused)
  constructor(description, { where, sort }, on) {
    Object.assign(this, { description, where, sort, on })
    this.table = new Poll(async () => {
      const now = await describeTable(description.name).catch((error) => {
        if (error.isUnreachable && !this.#isStopped) this.on.onState('lost')
        return null
      })
      if (now && !this.#isStopped) this.on.onTable(now)
    }, TABLE_EVERY_MS)
    void this.#begin()
  }

  stop() {
    this.#isStopped = true
    this.table.stop()
    this.watch?.end()
    clearTimeout(this.#timer)
  }

  async #begin() {
    try {
      this.total = this.where.length > 0 ? await countRows(this.description.name, this.where) : this.description.rows
      if (this.#isStopped) return
      this.isLive = this.total <= MAX_WATCHED
      if (this.isLive) this.#startWatch()
      else await this.more()
    } catch (error) {
      if (!this.#isStopped) this.on.onProblem(error)
    }
  }

  extent() {
    const loaded = this.isLive ? this.#rows.size : this.#paged.length
    return { loaded, total: this.isLive ? loaded : this.total }
  }

  note() {
    if (this.isLive) return null
    const words = `${plural(this.total, 'row')} are too many to follow: these are as of ${formatTime(Date.now(), { withDate: false })}. A filter that leaves fewer shows them live.`
    return h('p', { class: 'note' }, words)
  }

  togglePause() {
    this.#isPaused = !this.#isPaused
    this.#waiting = 0
    if (!this.#isPaused) this.#schedule()
    return this.#isPaused
  }

  // The next page, where rows come in pages.
  async more() {
    if (this.isLive || this.#isAsking || this.#isStopped || this.#paged.length >= MAX_PAGED) return
    if (this.#cursor === null && this.#paged.length > 0) return
    this.#isAsking = true
    try {
      const { rows, cursor } = await listRows(this.description.name, { where: this.where, sort: this.sort.replace('(timestamp)', 'timestamp'), limit: PAGE_ROWS, cursor: this.#cursor })
      if (this.#isStopped) return
      this.#cursor = cursor
      this.#paged = [...this.#paged, ...rows]
      this.on.onState('live')
      this.on.onRows(this.#paged, [])
    } catch (error) {
      if (!this.#isStopped) this.on.onProblem(error)
    }
    this.#isAsking = false
  }

  #startWatch() {
    this.watch = new Watch(this.description.name, this.where, {
      reset: () => {
        this.#rows.clear()
        this.#isReady = false
      },
      ready: () => {
        this.#isReady = true
        this.#schedule()
      },
      row: (event, row) => this.#take(event, row),
      state: (state) => this.on.onState(state),
    })
  }

  #take(event, row) {
    this.#rows.apply(event, row)
    if (!this.#isReady) return
    this.#changed.add(row.id)
    if (this.#isPaused) this.on.onWaiting(++this.#waiting)
    this.#schedule()
  }

  #schedule() {
    if (this.#timer !== 0 || !this.#isReady) return
    const wait = Math.max(0, this.#drawn + DRAW_EVERY_MS - performance.now())
    this.#timer = setTimeout(() => this.#draw(), wait)
  }

  #draw() {
    this.#timer = 0
    if (this.#isPaused || this.#isStopped) return
    this.#drawn = performance.now()
    const changed = [...this.#changed]
    this.#changed.clear()
    this.on.onRows(sorted(this.#rows.rows, this.sort), changed)
  }
}
