// A table's changes over server-sent events: first the rows as they are, then what becomes of them.
//
// The browser's EventSource connects again by itself and says what it has seen. Where the server refuses (it restores a
// table, or stops), it gives up, and is opened anew here after a pause that grows.

import { parseJson } from '../model/json.js'
import { rowOf } from './tables.js'

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 10_000
const EVENTS = ['enter', 'update', 'leave', 'delete']

export class Watch {
  #source = null
  #timer = null
  #pause = FIRST_PAUSE_MS
  #isEnded = false

  // on.reset(): forget all rows. on.row(event, row). on.ready(): the rows so far are all there are.
  // on.state('connecting' | 'live' | 'lost').
  constructor(url, on) {
    this.url = url
    this.on = on
    this.#onVisibility = () => this.#followVisibility()
    document.addEventListener('visibilitychange', this.#onVisibility)
    this.#open()
  }

  #onVisibility

  end() {
    this.#isEnded = true
    document.removeEventListener('visibilitychange', this.#onVisibility)
    this.#close()
  }

  #close() {
    clearTimeout(this.#timer)
    this.#source?.close()
    this.#source = null
  }

  // Browsers open six connections to a server: a page that nobody sees must not keep one of them for long.
  #followVisibility() {
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

  #open() {
    this.#close()
    this.on.state('connecting')
    const source = new EventSource(this.url)
    this.#source = source
    // A connection that goes on where the last one ended sends no snapshot.
    source.addEventListener('open', () => {
      this.#pause = FIRST_PAUSE_MS
      this.on.state('live')
    })
    source.addEventListener('snapshot', () => this.on.reset())
    source.addEventListener('reset', () => this.on.reset())
    source.addEventListener('ready', () => this.on.ready())
    for (const event of EVENTS) {
      source.addEventListener(event, (message) => this.on.row(event, rowOf(parseJson(message.data)), message.lastEventId))
    }
    source.addEventListener('error', () => {
      this.on.state('lost')
      if (source.readyState !== EventSource.CLOSED || this.#isEnded) return
      this.#timer = setTimeout(() => this.#open(), this.#pause)
      this.#pause = Math.min(LONGEST_PAUSE_MS, this.#pause * 2)
    })
  }
}
