// A table's changes over server-sent events: first the rows as they are, then what becomes of them.
//
// The browser's EventSource connects again by itself and says what it has seen. Where the server refuses (it restores a
// table, or stops), it gives up, and is opened anew here after a pause that grows. Where it is refused again and again,
// something between does not let event streams through, and the rows are asked for instead.

import { parseJson } from '../model/json.js'
import { PolledRows } from './polled_rows.js'
import { rowOf, watchUrl } from './tables.js'

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 10_000
const MAX_REFUSALS = 3
const POLLED_FOR_MS = 30_000
const EVENTS = ['enter', 'update', 'leave', 'delete']

export class Watch {
  #source = null
  #timer = null
  #pause = FIRST_PAUSE_MS
  #isEnded = false
  #refusals = 0
  #isWhole = false
  #hasOpened = false
  #lastId = '' // up to where changes were seen
  #polled = null

  // on.reset(): forget all rows. on.row(event, row). on.ready(): the rows so far are all there are.
  // on.state('connecting' | 'live' | 'lost').
  constructor(table, where, on) {
    Object.assign(this, { table, where, on })
    this.#onVisibility = () => this.#followVisibility()
    document.addEventListener('visibilitychange', this.#onVisibility)
    this.#open()
  }

  #onVisibility

  end() {
    this.#isEnded = true
    document.removeEventListener('visibilitychange', this.#onVisibility)
    this.#polled?.end()
    this.#close()
  }

  #close() {
    clearTimeout(this.#timer)
    this.#source?.close()
    this.#source = null
  }

  // Browsers open six connections to a server: a page that nobody sees must not keep one of them for long.
  #followVisibility() {
    if (this.#polled) return
    if (document.hidden) {
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => {
        this.#close()
        this.on.state('lost')
      }, 20_000)
    } else if (!this.#isEnded) {
      clearTimeout(this.#timer)
      if (!this.#source || this.#source.readyState === EventSource.CLOSED) this.#open()
    }
  }

  // Then a stream is tried once more: a server that was restoring takes it now.
  #poll() {
    this.#polled = new PolledRows(this.table, this.where, this.on)
    this.#timer = setTimeout(() => {
      this.#polled.end()
      this.#polled = null
      this.#lastId = ''
      this.#refusals = MAX_REFUSALS - 1
      this.#open()
    }, POLLED_FOR_MS)
  }

  #open() {
    this.#close()
    this.on.state('connecting')
    const source = new EventSource(watchUrl(this.table, { where: this.where, 'last-event-id': this.#lastId }))
    this.#source = source
    // A connection that goes on where the last one ended sends no snapshot.
    source.addEventListener('open', () => {
      this.#pause = FIRST_PAUSE_MS
      this.#refusals = 0
      this.#hasOpened = true
      this.on.state('live')
    })
    // Half a snapshot is nothing to go on from: the place is kept once it is whole.
    const begin = () => {
      this.#lastId = ''
      this.#isWhole = false
      this.on.reset()
    }
    source.addEventListener('snapshot', begin)
    source.addEventListener('reset', begin)
    source.addEventListener('ready', (message) => {
      this.#isWhole = true
      this.#lastId = message.lastEventId
      this.on.ready()
    })
    for (const event of EVENTS) {
      source.addEventListener(event, (message) => {
        if (this.#isWhole) this.#lastId = message.lastEventId
        this.on.row(event, rowOf(parseJson(message.data)))
      })
    }
    source.addEventListener('error', () => {
      this.on.state(this.#hasOpened ? 'lost' : 'connecting')
      if (source.readyState !== EventSource.CLOSED || this.#isEnded) return
      if (++this.#refusals === MAX_REFUSALS) {
        this.#close()
        this.#poll()
        return
      }
      this.#timer = setTimeout(() => this.#open(), this.#pause)
      this.#pause = Math.min(LONGEST_PAUSE_MS, this.#pause * 2)
    })
  }
}
