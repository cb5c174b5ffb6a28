// Search by key: what is typed is looked for in the keys; Enter opens the row of exactly this key, or the first that was
// found.

import { listRows } from '../api/tables.js'
import { conditionText, containing } from '../model/filter.js'
import { fieldOf } from '../model/path.js'
import { keyLabel, keyText } from '../model/key.js'
import { link } from '../model/route.js'
import { announce } from '../view/announce.js'
import { h, replace } from '../view/dom.js'
import { icon } from '../view/icons.js'
import { plural } from '../model/format.js'
import { statusPill } from '../view/value_cell.js'

const MAX_FOUND = 8
const PAUSE_MS = 150

export function boardSearch(description, signal) {
  const field = searchedField(description)
  const list = h('ul', { class: 'found', id: 'found', role: 'listbox', 'aria-label': 'Found keys', hidden: true })
  const input = h('input', {
    type: 'search',
    placeholder: 'Find by key',
    role: 'combobox',
    'aria-label': 'Find a row by its key',
    'aria-expanded': 'false',
    'aria-controls': 'found',
    'aria-autocomplete': 'list',
    autocomplete: 'off',
    spellcheck: 'false',
    'data-key-search': true,
  })
  let found = []
  let chosen = -1
  let timer = 0
  let asked = 0

  const href = (key) => link(['tables', description.name, 'rows', key])

  function show(rows) {
    found = rows
    chosen = -1
    replace(list, rows.map(option))
    list.hidden = rows.length === 0
    input.setAttribute('aria-expanded', String(rows.length > 0))
    input.removeAttribute('aria-activedescendant')
  }

  function option(row, index) {
    const { status } = description.board
    const state = status ? fieldOf(row, status.path) : undefined
    const choose = (event) => {
      event.preventDefault()
      location.hash = href(keyText(row.key))
    }
    return h('li', { id: `found-${index}`, role: 'option', 'aria-selected': 'false', on: { mousedown: choose } }, h('span', { class: 'found-key' }, keyLabel(row.key)), state !== undefined && state !== null && statusPill(state))
  }

  function mark(index) {
    chosen = found.length === 0 ? -1 : (index + found.length) % found.length
    list.querySelectorAll('li').forEach((item, at) => item.setAttribute('aria-selected', String(at === chosen)))
    if (chosen >= 0) input.setAttribute('aria-activedescendant', `found-${chosen}`)
  }

  async function ask() {
    const text = input.value.trim()
    const number = ++asked
    if (text === '') return show([])
    const where = conditionText({ field, operator: '~', operand: containing(text) })
    try {
      const { rows } = await listRows(description.name, { where, limit: MAX_FOUND }, signal)
      if (number !== asked || document.activeElement !== input) return undefined
      show(rows)
      announce(rows.length === 0 ? 'No key found' : `${plural(rows.length, 'key')} found`)
    } catch {
      if (number === asked) show([])
    }
    return undefined
  }

  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(ask, PAUSE_MS)
  })
  input.addEventListener('blur', () => show([]))
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      mark(event.key === 'ArrowDown' ? chosen + 1 : chosen < 0 ? -1 : chosen - 1)
    } else if (event.key === 'Enter' && input.value.trim() !== '') {
      const exact = found.find((row) => keyLabel(row.key) === input.value.trim())
      const row = found[chosen] ?? exact ?? (found.length === 1 ? found[0] : undefined)
      location.hash = href(row ? keyText(row.key) : input.value.trim())
    }
  })
  return h('div', { class: 'search', role: 'search' }, icon('search'), input, h('kbd', { 'aria-hidden': 'true' }, '/'), list)
}

// The one field of a record key, else the key.
function searchedField(description) {
  return description.keyFields.length === 1 ? `key.${description.keyFields[0].path}` : 'key'
}
