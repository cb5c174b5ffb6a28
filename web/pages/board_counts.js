// How many rows are in which state: a number for each, and a bar of their shares.

import { toneOf } from '../model/board_fields.js'
import { conditionText } from '../model/filter.js'
import { formatNumber, formatPercent } from '../model/format.js'
import { link } from '../model/route.js'
import { announce } from '../view/announce.js'
import { h, replace, setText } from '../view/dom.js'
import { KeyedList } from '../view/keyed_list.js'
import { failure } from '../view/states.js'

export class BoardCounts {
  #before = null

  constructor(table, status) {
    this.table = table
    this.status = status
    const cards = h('ul', { class: 'counts' })
    const bar = h('div', { class: 'share-bar', 'aria-hidden': 'true' })
    this.problem = h('div')
    this.cards = new KeyedList(cards, { key: (count) => count.state, create: (count) => this.#card(count), update: showCard })
    this.bar = new KeyedList(bar, {
      key: (count) => count.state,
      create: (count) => h('div', { class: `share tone-${toneOf(count.state)}`, title: count.state }),
      update: (part, count) => part.style.setProperty('flex-grow', String(count.count)),
    })
    this.element = h('section', { class: 'counts-panel', 'aria-label': 'Rows by state' }, this.problem, cards, bar)
  }

  // [{value, count}], as the server counts.
  show(found) {
    replace(this.problem)
    const byState = new Map(found.map(({ value, count }) => [value, count]))
    const states = [...new Set([...(this.status.symbols ?? []), ...byState.keys()])]
    const total = [...byState.values()].reduce((sum, count) => sum + count, 0)
    const counts = states.map((state) => ({ state: String(state), count: byState.get(state) ?? 0, total }))
    this.cards.show(counts)
    this.bar.show(counts.filter(({ count }) => count > 0))
    this.#tell(counts)
  }

  fail(error) {
    replace(this.problem, failure(error))
  }

  // A screen reader hears of failures alone: other numbers change all the time.
  #tell(counts) {
    const bad = counts.filter(({ state }) => toneOf(state) === 'bad')
    const sum = bad.reduce((all, { count }) => all + count, 0)
    if (this.#before !== null && sum > this.#before) announce(`${sum - this.#before} more ${bad[0].state}, ${sum} now`)
    this.#before = sum
  }

  #card({ state }) {
    const where = conditionText({ field: this.status.path, operator: '=', operand: state })
    return h(
      'li',
      {},
      h(
        'a',
        { class: `count-card tone-${toneOf(state)}`, href: link(['tables', this.table, 'rows'], { where }) },
        h('span', { class: 'count-state' }, h('span', { class: 'swatch', 'aria-hidden': 'true' }), state),
        h('span', { class: 'count-number' }),
        h('span', { class: 'count-share' })
      )
    )
  }
}

function showCard(item, { count, total }) {
  setText(item.querySelector('.count-number'), formatNumber(count))
  setText(item.querySelector('.count-share'), total > 0 ? formatPercent(count / total) : '–')
  item.classList.toggle('zero', count === 0)
}
