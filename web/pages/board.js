// How the jobs of a table are: how many in which state, what runs and how far it is, what failed and why.

import { countBy, describeTable } from '../api/tables.js'
import { toneOf } from '../model/board_fields.js'
import { link } from '../model/route.js'
import { h, replace } from '../view/dom.js'
import { Freshness } from '../view/freshness.js'
import { Poll } from '../view/poll.js'
import { empty, failure, loading } from '../view/states.js'
import { BoardCounts } from './board_counts.js'
import { BoardFailures } from './board_failures.js'
import { BoardRunning } from './board_running.js'
import { boardSearch } from './board_search.js'
import { tableHead } from './table_head.js'
import { whenRestored } from './when_restored.js'

const COUNTS_EVERY_MS = 1000
const TABLE_EVERY_MS = 2000

export function boardPage({ table, signal }) {
  const content = h('div', { class: 'board' }, loading('Loading the board'))
  const freshness = new Freshness(content)
  const parts = []
  const element = h('div', { class: 'page' }, tableHead(table, 'Board', freshness), content)

  async function begin() {
    try {
      const description = await whenRestored(table, { signal, show: (panel) => replace(content, panel), onTable: (now) => freshness.setTable(now) })
      replace(content, description.board.status ? board(description) : noBoard(table))
    } catch (error) {
      if (error.name === 'AbortError') return
      if (error.isUnreachable) freshness.setState('lost')
      replace(content, failure(error, begin))
    }
  }

  function board(description) {
    const { status } = description.board
    const symbols = status.symbols ?? []
    const counts = new BoardCounts(table, status)
    const running = new BoardRunning(description, statesOf(symbols, 'active', ['waiting', 'plain']), {
      onChange: () => countsPoll.soon(),
      onState: (state) => freshness.setState(state),
    })
    const failures = new BoardFailures(description, statesOf(symbols, 'bad', []))
    const countsPoll = new Poll(async () => {
      try {
        const found = await countBy(table, status.path, [], signal)
        counts.show(found)
        running.setCounts(found)
        failures.setCounts(found)
        freshness.setState(running.state)
      } catch (error) {
        if (error.isUnreachable) freshness.setState('lost')
        // A table that is restored anew answers 503 for a while, which the pill says.
        else if (error.name !== 'AbortError' && error.status !== 503) counts.fail(error)
      }
    }, COUNTS_EVERY_MS)
    const tablePoll = new Poll(async () => {
      const now = await describeTable(table, signal).catch(() => null)
      if (now) freshness.setTable(now)
    }, TABLE_EVERY_MS)
    parts.push(running, failures, countsPoll, tablePoll)
    return [boardSearch(description, signal), counts.element, h('div', { class: 'board-columns' }, running.element, failures.element)]
  }

  void begin()
  return {
    title: table,
    element,
    stop() {
      freshness.stop()
      for (const part of parts) part.stop()
    },
  }
}

// The symbols of a tone; of the others where there is none.
function statesOf(symbols, tone, others) {
  const found = symbols.filter((symbol) => toneOf(symbol) === tone)
  return found.length > 0 ? found : symbols.filter((symbol) => others.includes(toneOf(symbol)))
}

function noBoard(table) {
  return empty(
    'This table has no field that says a state.',
    h('p', {}, 'A board needs an enum, or a name in the topic’s file: board=status,bytesSoFar,bytesTotal.'),
    h('a', { class: 'button', href: link(['tables', table, 'rows']) }, 'Show the rows')
  )
}
