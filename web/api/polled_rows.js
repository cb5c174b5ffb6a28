// In place of a watch, where event streams do not come through (some proxies refuse them, or hold them back): the rows
// are asked for every two seconds, and what is different is told as a watch would tell it.

import { Poll } from '../view/poll.js'
import { listRows } from './tables.js'

const EVERY_MS = 2000
const PAGE_ROWS = 5000
const MAX_ROWS = 20_000

export class PolledRows {
  #positions = null // of the rows that were told, by id
  #abort = new AbortController()

  // on: as Watch has it.
  constructor(table, where, on) {
    Object.assign(this, { table, where, on })
    this.poll = new Poll(() => this.#ask(), EVERY_MS)
  }

  end() {
    this.#abort.abort()
    this.poll.stop()
  }

  async #ask() {
    try {
      const rows = await this.#all()
      this.on.state('live')
      this.#tell(rows)
    } catch (error) {
      if (error.name !== 'AbortError') this.on.state('lost')
    }
  }

  async #all() {
    const all = []
    let cursor = null
    do {
      const page = await listRows(this.table, { where: this.where, limit: PAGE_ROWS, cursor }, this.#abort.signal)
      all.push(...page.rows)
      cursor = page.cursor
    } while (cursor !== null && all.length < MAX_ROWS)
    return all
  }

  #tell(rows) {
    const isFirst = this.#positions === null
    if (isFirst) this.on.reset()
    const before = this.#positions ?? new Map()
    const now = new Map()
    for (const row of rows) {
      now.set(row.id, row)
      const known = before.get(row.id)
      if (!known) this.on.row('enter', row)
      else if (known.position !== row.position) this.on.row('update', row)
    }
    for (const [id, row] of before) {
      if (!now.has(id)) this.on.row('leave', row)
    }
    this.#positions = now
    if (isFirst) this.on.ready()
  }
}
