// One running job: its key, how far it is, how fast it goes, how long it still takes.

import { toneOf } from '../model/board_fields.js'
import { fieldOf } from '../model/path.js'
import { formatAgo, formatBytes, formatDuration, formatNumber, formatPercent, timeOf } from '../model/format.js'
import { keyLabel, keyText } from '../model/key.js'
import { averageRate, isStalled, outlook } from '../model/progress.js'
import { link } from '../model/route.js'
import { h, setClass, setText } from '../view/dom.js'
import { isBytes } from '../view/value_cell.js'

// What is over is neither fast nor silent.
const OVER = new Set(['good', 'bad', 'off'])

export function makeJob(description, row) {
  const { label } = description.board
  const bar = h('div', { class: 'bar', role: 'progressbar', 'aria-label': `Progress of ${keyLabel(row.key)}`, 'aria-valuemin': '0', 'aria-valuemax': '100' }, h('div', { class: 'bar-fill' }))
  return h(
    'li',
    { class: 'job' },
    h(
      'div',
      { class: 'job-name' },
      h('a', { href: link(['tables', description.name, 'rows', keyText(row.key)]) }, keyLabel(row.key)),
      label && h('span', { class: 'job-label' })
    ),
    h('span', { class: 'job-percent' }),
    bar,
    h('div', { class: 'job-figures' }, h('span', { class: 'job-amount' }), h('span', { class: 'job-rate' }), h('span', { class: 'job-left' }), h('span', { class: 'job-age' }))
  )
}

export function showJob(description, item, row, meter, now) {
  const { board } = description
  const at = (field) => (field ? fieldOf(row, field.path) : undefined)
  const part = (name) => item.querySelector(name)
  const amount = numberOf(at(board.progress))
  const total = board.total ? numberOf(at(board.total)) : /percent/i.test(board.progress?.path ?? '') ? 100 : undefined
  const updated = timeOf(at(board.updated)) ?? timeOf(row.timestamp)
  const state = at(board.status)
  const isOver = state !== undefined && OVER.has(toneOf(state))
  const stalled = !isOver && isStalled(updated, now)
  const rate = stalled || isOver ? 0 : (meter?.rate ?? averageRate(amount, timeOf(at(board.started)), updated))
  const { fraction, left } = outlook(amount, total, rate)
  if (board.label) setText(part('.job-label'), String(at(board.label) ?? ''))
  showBar(part('.bar'), fraction)
  setText(part('.job-percent'), fraction === undefined ? '' : formatPercent(fraction))
  const size = board.progress && isBytes(board.progress) ? formatBytes : formatNumber
  setText(part('.job-amount'), amount === undefined ? '' : total > 0 ? `${size(amount)} of ${size(total)}` : size(amount))
  setText(part('.job-rate'), rate > 0 ? `${size(Math.round(rate))}/s` : '')
  setText(part('.job-left'), left === undefined ? '' : `${formatDuration(left)} left`)
  setText(part('.job-age'), stalled ? `silent for ${formatDuration(now - updated)}` : formatAgo(now - updated))
  setClass(item, 'stalled', stalled)
}

function numberOf(value) {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined
}

// Without a total there is no share to show: the bar says that something goes on.
function showBar(bar, fraction) {
  setClass(bar, 'unknown', fraction === undefined)
  if (fraction === undefined) {
    bar.removeAttribute('aria-valuenow')
    bar.setAttribute('aria-valuetext', 'total not known')
    return
  }
  bar.setAttribute('aria-valuenow', String(Math.floor(fraction * 100)))
  bar.setAttribute('aria-valuetext', formatPercent(fraction))
  bar.firstChild.style.setProperty('width', `${fraction * 100}%`)
}
