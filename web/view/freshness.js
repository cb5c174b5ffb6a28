// How true the page is just now: live, behind, restoring, or lost. What is stale looks stale: the element that is given
// gets the class `stale`, and the pill says since when.

import { formatAgo, formatDuration } from '../model/format.js'
import { announce } from './announce.js'
import { h, setClass, setText } from './dom.js'

const NOTABLE_LAG_MS = 2000

export class Freshness {
  #state = 'connecting'
  #since = 0
  #restoring = null
  #lagMs = 0
  #outage = null

  constructor(staleElement) {
    this.staleElement = staleElement
    this.words = h('span', {}, 'connecting')
    this.element = h('span', { class: 'freshness', 'data-state': 'connecting' }, h('span', { class: 'dot', 'aria-hidden': 'true' }), this.words)
    this.timer = setInterval(() => this.#show(), 1000)
  }

  stop() {
    clearInterval(this.timer)
  }

  // connecting, live or lost, as api/watch.js has it.
  setState(state) {
    if (state === this.#state) return
    const wasLost = this.#state === 'lost'
    this.#state = state
    this.#since = Date.now()
    if (state === 'lost') announce('Connection lost; the page shows what was known before')
    if (state === 'live' && wasLost) announce('Connected again')
    this.#show()
  }

  // `table` as api/tables.js describes it.
  setTable(table) {
    this.#restoring = table.isRestoring ? { done: table.restored, all: table.toRestore } : null
    this.#lagMs = table.lagMs
    this.#outage = table.outage
    this.#show()
  }

  #show() {
    const { state, text } = this.#words()
    this.element.dataset.state = state
    setText(this.words, text)
    if (this.staleElement) setClass(this.staleElement, 'stale', state === 'lost' || state === 'behind')
  }

  #words() {
    if (this.#state === 'lost') return { state: 'lost', text: `connection lost, ${formatAgo(Date.now() - this.#since)}` }
    if (this.#outage) return { state: 'behind', text: 'Kafka is away' }
    if (this.#restoring) {
      const { done, all } = this.#restoring
      return { state: 'restoring', text: all > 0 ? `restoring, ${Math.floor((done / all) * 100)} %` : 'restoring' }
    }
    if (this.#state === 'connecting') return { state: 'connecting', text: 'connecting' }
    if (this.#lagMs > NOTABLE_LAG_MS) return { state: 'behind', text: `${formatDuration(this.#lagMs)} behind` }
    return { state: 'live', text: 'live' }
  }
}
