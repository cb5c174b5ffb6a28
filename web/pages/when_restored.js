// Waits for a table that is being read for the first time, and shows how far that is: before, not every row is there, and
// the service answers no list and no count.

import { describeTable } from '../api/tables.js'
import { formatNumber, formatPercent } from '../model/format.js'
import { h, setText } from '../view/dom.js'

const EVERY_MS = 1000

// The table as it is described once it is restored. `show(element)` shows how far it is; `onTable` hears each answer.
export async function whenRestored(name, { signal, show, onTable }) {
  let panel = null
  for (;;) {
    const table = await describeTable(name, signal)
    onTable(table)
    if (!table.isRestoring) return table
    if (!panel) show((panel = makePanel()))
    showProgress(panel, table)
    await pause(EVERY_MS, signal)
  }
}

function makePanel() {
  return h(
    'div',
    { class: 'state restoring' },
    h('p', { class: 'state-title' }, 'The table is being read from its topic.'),
    h('div', { class: 'bar', role: 'progressbar', 'aria-label': 'Restored', 'aria-valuemin': '0', 'aria-valuemax': '100' }, h('div', { class: 'bar-fill' })),
    h('p', { class: 'state-more' })
  )
}

function showProgress(panel, { restored, toRestore }) {
  const fraction = toRestore > 0 ? restored / toRestore : 0
  const bar = panel.querySelector('.bar')
  bar.setAttribute('aria-valuenow', String(Math.floor(fraction * 100)))
  bar.firstChild.style.setProperty('width', `${fraction * 100}%`)
  setText(panel.querySelector('.state-more'), `${formatNumber(restored)} of ${formatNumber(toRestore)} records, ${formatPercent(fraction)}. Single rows are answered already.`)
}

function pause(milliseconds, signal) {
  return new Promise((done, failed) => {
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      failed(signal.reason)
    }, { once: true })
  })
}
