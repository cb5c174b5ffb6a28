// Conditions as chips, and a place to write one more. A text that is no condition looks for keys that contain it.

import { conditionText, containing, parseCondition } from '../model/filter.js'
import { isTime } from '../model/schema_fields.js'
import { h, replace } from '../view/dom.js'
import { icon } from '../view/icons.js'

let count = 0

export class FilterBar {
  #where = []

  // placeholder, fields: for other things than the rows of a table. onChange(where)
  constructor({ fields = [], keyFields = [], placeholder = 'status=FAILED, or a part of a key' }, { onChange }) {
    this.keyFields = keyFields
    this.onChange = onChange
    const id = ++count
    this.chips = h('ul', { class: 'chips', 'aria-label': 'Conditions' })
    this.problem = h('p', { class: 'field-problem', id: `filter-problem-${id}`, role: 'alert', hidden: true })
    this.input = h('input', {
      type: 'text',
      placeholder,
      'aria-label': 'Add a condition',
      'aria-describedby': `filter-problem-${id}`,
      list: `filter-fields-${id}`,
      autocomplete: 'off',
      autocapitalize: 'off',
      spellcheck: 'false',
      'data-key-search': true,
    })
    this.input.addEventListener('keydown', (event) => this.#onKey(event))
    const options = h('datalist', { id: `filter-fields-${id}` }, fields.flatMap(suggestions).map((value) => h('option', { value })))
    const line = h('div', { class: 'filter-line' }, icon('search'), this.chips, this.input, options)
    line.addEventListener('click', (event) => {
      if (event.target === line) this.input.focus()
    })
    this.element = h('form', { class: 'filter', role: 'search', on: { submit: (event) => event.preventDefault() } }, line, this.problem)
  }

  show(where) {
    this.#where = where
    this.showProblem('')
    replace(this.chips, where.map((text, index) => this.#chip(text, index)))
  }

  showProblem(text) {
    this.problem.hidden = text === ''
    replace(this.problem, text)
    this.input.toggleAttribute('aria-invalid', text !== '')
  }

  #chip(text, index) {
    const without = () => this.#where.filter((_, at) => at !== index)
    const edit = () => {
      this.input.value = text
      this.input.focus()
      this.onChange(without())
    }
    const parts = parseCondition(text)
    const words = parts ? [h('span', { class: 'chip-field' }, parts.field), ` ${parts.operator} `, h('b', {}, parts.operand)] : text
    return h(
      'li',
      { class: 'chip' },
      h('button', { type: 'button', class: 'chip-text', title: 'Change', on: { click: edit } }, words),
      h('button', { type: 'button', class: 'chip-remove', 'aria-label': `Remove ${text}`, on: { click: () => this.onChange(without()) } }, icon('close'))
    )
  }

  #onKey(event) {
    if (event.key === 'Backspace' && this.input.value === '' && this.#where.length > 0) {
      this.onChange(this.#where.slice(0, -1))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      const text = this.input.value.trim()
      if (text === '') return
      this.input.value = ''
      this.onChange([...this.#where, parseCondition(text) ? text : this.#keyCondition(text)])
    }
  }

  #keyCondition(text) {
    const field = this.keyFields.length === 1 ? `key.${this.keyFields[0].path}` : 'key'
    return conditionText({ field, operator: '~', operand: containing(text) })
  }
}

function suggestions(field) {
  if (field.symbols) return field.symbols.map((symbol) => `${field.path}=${symbol}`)
  return field.isNullable ? [`${field.path} ${isTime(field) ? '>' : '='} `, `${field.path} is not null`] : [`${field.path} ${isTime(field) || field.type === 'long' ? '>' : '='} `]
}
