// A search of what is on the page: it acts with each letter.

import { h } from './dom.js'
import { icon } from './icons.js'

export function searchField(label, value, onInput) {
  const input = h('input', { type: 'search', placeholder: label, 'aria-label': label, value, autocomplete: 'off', spellcheck: 'false', 'data-key-search': true })
  input.addEventListener('input', () => onInput(input.value.trim()))
  return h('div', { class: 'search', role: 'search' }, icon('search'), input, h('kbd', { 'aria-hidden': 'true' }, '/'))
}
