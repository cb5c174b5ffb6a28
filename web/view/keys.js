// Keys of the whole page, and the list of them.

import { h } from './dom.js'
import { showDialog } from './dialog.js'

const KEYS = [
  ['/', 'to the search or filter of the page'],
  ['g then t', 'topics'],
  ['g then g', 'groups'],
  ['g then s', 'schemas'],
  ['g then p', 'plan'],
  ['g then h', 'all tables'],
  ['t', 'to the first row of the table on the page'],
  ['↑ ↓, k j', 'from row to row'],
  ['Page Up, Page Down, Home, End', 'further at once'],
  ['Enter', 'open the row'],
  ['Escape', 'close, or leave the search'],
  ['?', 'this list'],
]
const PLACES = { t: '#/topics', g: '#/groups', s: '#/schemas', p: '#/plan', h: '#/' }
const SECOND_KEY_MS = 1500

export function showKeys() {
  if (document.querySelector('dialog[open]')) return
  showDialog('Keys', h('dl', { class: 'keys' }, KEYS.map(([keys, what]) => h('div', {}, h('dt', {}, h('kbd', {}, keys)), h('dd', {}, what)))))
}

function isTyping(target) {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
}

export function listenForKeys() {
  let goUntil = 0
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector('dialog[open]')) return
    if (isTyping(event.target)) {
      if (event.key === 'Escape') event.target.blur()
      return
    }
    const isGoing = performance.now() < goUntil
    goUntil = 0
    if (isGoing && PLACES[event.key]) location.hash = PLACES[event.key]
    else if (event.key === 'g') goUntil = performance.now() + SECOND_KEY_MS
    else if (event.key === '?') showKeys()
    else if (event.key === '/') focusOn(event, '[data-key-search]')
    else if (event.key === 't') focusOn(event, 'main table.rows tbody tr[tabindex="0"], main [data-key-first]')
  })
}

function focusOn(event, selector) {
  const element = document.querySelector(selector)
  if (!element) return
  event.preventDefault()
  element.focus()
  if (element instanceof HTMLInputElement) element.select()
}
