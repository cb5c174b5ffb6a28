// The subjects of the schema registry.

import { listSubjects } from '../api/cluster.js'
import { formatNumber, plural } from '../model/format.js'
import { sorted } from '../model/order.js'
import { link } from '../model/route.js'
import { h, replace, setText } from '../view/dom.js'
import { pageHead } from '../view/page.js'
import { searchField } from '../view/search_field.js'
import { empty, failure, loading } from '../view/states.js'
import { VirtualTable } from '../view/virtual_table.js'

export function schemasPage({ query, signal, setQuery }) {
  const place = h('div', { class: 'rows-place' }, loading('Loading schemas'))
  const total = h('span', { class: 'total' })
  let address = query
  let subjects = null
  const change = (next, options) => setQuery({ find: address.get('find'), sort: address.get('sort'), ...next }, options)
  const search = searchField('Find a subject', query.get('find') ?? '', (find) => change({ find }, { replace: true }))
  const grid = new VirtualTable({ label: 'Subjects', href: (row) => link(['schemas', row.id]), onSort: (sort) => change({ sort }) })
  const element = h('div', { class: 'page filling' }, pageHead({ title: 'Schemas' }), h('div', { class: 'tools' }, search, h('div', { class: 'tools-right' }, total)), place)

  function show() {
    if (!subjects) return
    const find = (address.get('find') ?? '').toLowerCase()
    const rows = subjects.filter(({ subject }) => subject.toLowerCase().includes(find)).map((one) => ({ id: one.subject, key: one.subject, value: one }))
    setText(total, plural(rows.length, 'subject'))
    if (rows.length === 0) {
      replace(place, empty(find ? 'No subject is called so.' : 'No schema is registered yet.'))
      return
    }
    grid.setColumns(columns(subjects), address.get('sort') ?? '')
    grid.setRows(sorted(rows, address.get('sort') ?? ''))
    if (grid.element.parentNode !== place) replace(place, grid.element)
  }

  async function ask() {
    try {
      subjects = await listSubjects(signal)
      show()
    } catch (error) {
      if (error.name !== 'AbortError') replace(place, failure(error, ask))
    }
  }

  void ask()
  return {
    title: 'Schemas',
    element,
    update(next) {
      address = next
      show()
    },
    stop: () => grid.stop(),
  }
}

function columns(subjects) {
  const longest = Math.min(60, subjects.reduce((most, { subject }) => Math.max(most, subject.length), 12) + 3)
  const plain = (id, title, width, cell, isNumeric) => ({ id, title, width, isNumeric, sortPath: id, cell: ({ value }) => cell(value[id]) })
  return [
    { id: 'subject', title: 'subject', width: `${longest}ch`, sortPath: 'subject', cell: (row) => row.id },
    plain('version', 'version', '12ch', formatNumber, true),
    plain('id', 'id', '10ch', formatNumber, true),
    plain('schemaType', 'type', '14ch', String, false),
    plain('compatibility', 'compatibility', '24ch', String, false),
  ]
}
