// One record beside the list: key, value, headers, schemas, sizes.

import { formatBytes } from '../model/format.js'
import { jsonText } from '../model/json.js'
import { copyButton } from '../view/copy_button.js'
import { h, replace } from '../view/dom.js'
import { icon } from '../view/icons.js'
import { jsonTree } from '../view/json_tree.js'
import { facts, plainTable, section } from '../view/page.js'
import { timeText } from '../view/value_cell.js'

export class RecordDetail {
  #shown = null

  constructor(onClose) {
    this.onClose = onClose
    this.element = h('aside', { class: 'detail', 'aria-label': 'The record', hidden: true })
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') onClose()
    })
  }

  // null closes it.
  show(record) {
    this.element.hidden = record === null
    if (record === null || this.#shown === record.id) {
      if (record === null) this.#shown = null
      return
    }
    this.#shown = record.id
    replace(
      this.element,
      h('header', {}, h('h2', { class: 'mono', tabIndex: -1 }, record.position), copyButton('Copy link', () => location.href), h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close the record', on: { click: this.onClose } }, icon('close'))),
      this.#problem(record),
      part('Key', record.key, 'none'),
      part('Value', record.value, 'none: a tombstone'),
      headers(record.headers ?? []),
      section(
        'Record',
        facts([
          record.timestamp && ['Time', timeText(record.timestamp, { withMilliseconds: true })],
          ['Partition', String(record.partition)],
          ['Offset', String(record.offset)],
          ['Key', formText(record.keyForm, record.keySchema, record.keyBytes)],
          ['Value', formText(record.valueForm, record.valueSchema, record.valueBytes)],
        ])
      )
    )
    this.element.querySelector('h2').focus({ preventScroll: true })
  }

  #problem(record) {
    const problems = [record.keyProblem, record.valueProblem].filter(Boolean)
    return problems.map((problem) => h('p', { class: 'field-problem', role: 'alert' }, problem))
  }
}

function part(title, value, none) {
  if (value === null || value === undefined) return section(title, h('p', { class: 'none' }, none))
  const isTree = typeof value === 'object'
  return section(title, isTree && h('div', { class: 'value-tools' }, copyButton('Copy JSON', () => jsonText(value, 2))), isTree ? jsonTree(value) : h('p', { class: 'mono wrap' }, String(value)))
}

function headers(all) {
  if (all.length === 0) return null
  return section('Headers', plainTable('Headers', ['Name', 'Value'], all.map(({ name, value, base64 }) => [h('span', { class: 'mono' }, name), h('span', { class: 'mono wrap' }, value ?? (base64 === undefined ? 'null' : `base64 ${base64}`))])))
}

function formText(form, schema, bytes) {
  if (form === null) return h('span', { class: 'none' }, 'none')
  return [form, schema !== null && `, schema id ${schema}`, `, ${formatBytes(bytes)}`]
}
