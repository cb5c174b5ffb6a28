// What failed, the latest first, with the reasons. Asked for again whenever the number of failures is another one.

import { listRows } from '../api/tables.js'
import { conditionText, memberOf } from '../model/filter.js'
import { formatAgo, formatNumber, formatTime, timeOf } from '../model/format.js'
import { keyLabel, keyText } from '../model/key.js'
import { fieldOf } from '../model/path.js'
import { link } from '../model/route.js'
import { h, replace, setText } from '../view/dom.js'
import { KeyedList } from '../view/keyed_list.js'
import { empty, failure, loading } from '../view/states.js'

const MAX_SHOWN = 25

export class BoardFailures {
  #count = null
  #isAsking = false

  constructor(description, states) {
    this.description = description
    this.states = states
    this.where = [conditionText({ field: description.board.status.path, operator: 'in', operand: states.map(memberOf).join(', ') })]
    this.count = h('span', { class: 'count' })
    const list = h('ul', { class: 'failures' })
    this.list = new KeyedList(list, { key: (row) => `${row.id} ${row.position}`, create: (row) => this.#make(row), update: (item, row) => this.#show(item, row) })
    this.state = h('div', {}, states.length > 0 && loading('Loading failures'))
    this.more = h('a', { class: 'more', hidden: true, href: link(['tables', description.name, 'rows'], { where: this.where }) })
    const title = states.length === 1 ? states[0] : 'Failures'
    this.element = states.length === 0 ? null : h('section', { class: 'panel', 'aria-label': title }, h('h2', {}, title, this.count), this.state, list, this.more)
    this.ticker = setInterval(() => this.#tick(), 5000)
  }

  stop() {
    clearInterval(this.ticker)
  }

  setCounts(counts) {
    if (this.states.length === 0) return
    const count = counts.filter(({ value }) => this.states.includes(value)).reduce((sum, one) => sum + one.count, 0)
    if (count === this.#count || this.#isAsking) return
    void this.#ask(count)
  }

  async #ask(count) {
    this.#isAsking = true
    const { updated } = this.description.board
    try {
      const query = { where: this.where, sort: updated ? `-${updated.path}` : '', limit: MAX_SHOWN }
      const { rows } = count > 0 ? await listRows(this.description.name, query) : { rows: [] }
      this.#count = count
      this.rows = rows
      this.list.show(rows)
      setText(this.count, formatNumber(count))
      replace(this.state, count === 0 && empty('Nothing failed.'))
      this.more.hidden = count <= rows.length
      setText(this.more, `All ${formatNumber(count)}`)
    } catch (error) {
      if (!error.isUnreachable) replace(this.state, failure(error, () => this.#ask(count)))
    }
    this.#isAsking = false
  }

  #tick() {
    if (this.rows) this.list.show(this.rows)
  }

  #make(row) {
    const { reason, label } = this.description.board
    const words = reason ? fieldOf(row, reason.path) : undefined
    return h(
      'li',
      { class: 'failure' },
      h('div', { class: 'failure-head' }, h('a', { href: link(['tables', this.description.name, 'rows', keyText(row.key)]) }, keyLabel(row.key)), h('time', { class: 'failure-age' })),
      h('p', { class: words ? 'failure-reason' : 'failure-reason none' }, words ? String(words) : 'no reason given'),
      label && h('p', { class: 'failure-label' }, String(fieldOf(row, label.path) ?? ''))
    )
  }

  #show(item, row) {
    const { updated } = this.description.board
    const text = (updated ? fieldOf(row, updated.path) : undefined) ?? row.timestamp
    const time = item.querySelector('time')
    time.setAttribute('datetime', String(text))
    time.title = formatTime(text)
    setText(time, formatAgo(Date.now() - timeOf(text)))
  }
}
