// Which columns a table shows, and in which order.

import { columnTitle, POSITION, TIMESTAMP } from '../model/columns.js'
import { h, replace } from '../view/dom.js'
import { showDialog } from '../view/dialog.js'

// onChange(paths) is called when the choice is taken.
export function chooseColumns(fields, shown, onChange) {
  const all = [...new Set([...shown, ...fields.map((field) => field.path), TIMESTAMP, POSITION])]
  let order = all
  const chosen = new Set(shown)
  const list = h('ul', { class: 'chooser' })
  const byPath = new Map(fields.map((field) => [field.path, field]))

  function draw(focused) {
    replace(list, order.map((path, index) => item(path, index)))
    if (focused) list.querySelector(`[data-move="${focused}"]`)?.focus()
  }

  function move(index, step) {
    const to = index + step
    if (to < 0 || to >= order.length) return
    order = [...order]
    ;[order[index], order[to]] = [order[to], order[index]]
    draw(`${to}:${step}`)
  }

  function item(path, index) {
    const box = h('input', { type: 'checkbox', checked: chosen.has(path), on: { change: () => (box.checked ? chosen.add(path) : chosen.delete(path)) } })
    const button = (text, step, words) =>
      h('button', { type: 'button', class: 'icon-button tiny', 'aria-label': `${columnTitle(path)} ${words}`, 'data-move': `${index}:${step}`, disabled: index + step < 0 || index + step >= order.length, on: { click: () => move(index, step) } }, text)
    const doc = byPath.get(path)?.doc
    return h('li', {}, h('label', {}, box, h('span', { class: 'mono' }, columnTitle(path)), doc && h('span', { class: 'chooser-doc' }, doc)), button('↑', -1, 'further left'), button('↓', 1, 'further right'))
  }

  draw()
  const dialog = showDialog(
    'Columns',
    list,
    h(
      'footer',
      {},
      h('button', { type: 'button', class: 'button', on: { click: () => take([]) } }, 'Default'),
      h('button', { type: 'button', class: 'button primary', on: { click: () => take(order.filter((path) => chosen.has(path))) } }, 'Show')
    )
  )

  function take(paths) {
    dialog.close()
    onChange(paths)
  }
}
