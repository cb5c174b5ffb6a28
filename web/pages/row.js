// One row: its value as it is now, and how it came to that.

import { describeTable, getHistory, getRow, rowUrl } from '../api/tables.js'
import { formatDuration, timeOf } from '../model/format.js'
import { fieldOf } from '../model/path.js'
import { ProgressMeter } from '../model/progress.js'
import { jsonText } from '../model/json.js'
import { link } from '../model/route.js'
import { announce } from '../view/announce.js'
import { copyButton } from '../view/copy_button.js'
import { h, replace } from '../view/dom.js'
import { Freshness } from '../view/freshness.js'
import { jsonTree } from '../view/json_tree.js'
import { facts, pageHead, section } from '../view/page.js'
import { Poll } from '../view/poll.js'
import { empty, failure, loading } from '../view/states.js'
import { statusPill, timeText } from '../view/value_cell.js'
import { timeLine } from './row_history.js'
import { makeJob, showJob } from './board_job.js'

const ASK_EVERY_MS = 1000
const HISTORY_RECORDS = 50

export function rowPage({ table, key, signal }) {
  const now = h('div', {}, loading('Loading the row'))
  const history = h('div', {}, loading('Loading its history'))
  const status = h('span')
  const freshness = new Freshness(now)
  const columns = h('div', { class: 'row-columns' }, now, section('History', history))
  const address = () => location.href
  const element = h(
    'div',
    { class: 'page' },
    pageHead({
      title: key,
      trail: [{ text: 'Tables', href: '#/' }, { text: table, href: link(['tables', table]) }, { text: 'Rows', href: link(['tables', table, 'rows']) }],
      pill: [status, freshness.element],
      actions: [copyButton('Copy link', address), h('a', { class: 'button small', href: rowUrl(table, key) }, 'JSON')],
    }),
    columns
  )
  let etag = null
  let description = null
  let lastProblem = null
  let job = null // {item, row}

  async function ask() {
    try {
      description ??= await describeTable(table, signal)
      const row = await getRow(table, key, etag, signal)
      freshness.setState('live')
      if (!row) return
      if (etag) announce('The row changed')
      etag = row.etag
      lastProblem = null
      showRow(row)
      await askHistory()
    } catch (error) {
      if (error.name !== 'AbortError') showProblem(error)
    }
  }

  function showRow(row) {
    const { board } = description
    const asRow = { id: key, key, value: row.value, position: row.position, timestamp: row.modified }
    const state = board.status ? fieldOf(asRow, board.status.path) : undefined
    replace(status, state !== undefined && state !== null && statusPill(state))
    replace(now, [progress(asRow), section('Value', h('div', { class: 'value-tools' }, copyButton('Copy JSON', () => jsonText(row.value, 2))), jsonTree(row.value)), where(row)])
  }

  function progress(row) {
    const { board } = description
    if (!board.progress || typeof fieldOf(row, board.progress.path) !== 'number') return null
    const item = makeJob(description, row)
    job = { item, row }
    showJob(description, item, row, undefined, Date.now())
    return h('ul', { class: 'jobs single' }, item)
  }

  // The earlier records tell how fast it goes.
  function measure(records) {
    const { progress: amount, updated } = description.board
    if (!job || !amount) return
    const meter = new ProgressMeter()
    for (const record of [...records].reverse()) {
      const value = Number(fieldOf(record, amount.path))
      const time = timeOf(updated ? fieldOf(record, updated.path) : record.timestamp)
      if (Number.isFinite(value) && time !== undefined) meter.add(value, time)
    }
    showJob(description, job.item, job.row, meter, Date.now())
  }

  function where(row) {
    const { topic, partition, offset } = placeOf(row.position)
    return section(
      'Record',
      facts([
        ['Position', topic ? h('a', { class: 'mono', href: link(['topics', topic, 'records'], { partition, from: offset, open: `${partition}-${offset}` }) }, row.position) : row.position],
        row.modified && ['Written', timeText(new Date(row.modified).toISOString())],
        Number.isFinite(row.lag) && ['Behind the topic', formatDuration(row.lag)],
      ])
    )
  }

  async function askHistory() {
    try {
      const found = await getHistory(table, key, HISTORY_RECORDS, signal)
      replace(history, timeLine(description, found))
      measure(found.records)
    } catch (error) {
      if (error.name !== 'AbortError') replace(history, failure(error, askHistory))
    }
  }

  function showProblem(error) {
    freshness.setState(error.isUnreachable ? 'lost' : 'live')
    // What is shown stays while the server is away; it looks stale.
    if ((error.isUnreachable && etag) || (lastProblem === error.status)) return
    lastProblem = error.status
    etag = null
    replace(status)
    replace(now, problemOf(error))
    if (error.status === 410) void askHistory()
    else replace(history, empty('No history.'))
  }

  const poll = new Poll(ask, ASK_EVERY_MS)
  return {
    title: `${key} · ${table}`,
    element,
    stop() {
      poll.stop()
      freshness.stop()
    },
  }
}

function problemOf(error) {
  if (error.status === 404) return empty('There is no such row.', 'No record of this key was ever seen in the topic.')
  if (error.status === 410) return empty('The row was deleted.', 'Its last record is a tombstone.')
  if (error.status === 503) return empty('Not yet known.', error.message)
  return failure(error)
}

// "status-download-2-17": the topic's name may have hyphens in it.
export function placeOf(position) {
  const match = /^(.+)-(\d+)-(\d+)$/.exec(position ?? '')
  return match ? { topic: match[1], partition: match[2], offset: match[3] } : {}
}
