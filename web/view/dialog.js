// A modal dialog: the browser keeps the focus in it, Escape closes it, and the focus goes back to where it was.

import { h } from './dom.js'
import { icon } from './icons.js'

export function showDialog(title, ...content) {
  const heading = h('h2', { id: 'dialog-title' }, title)
  const close = h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close', on: { click: () => dialog.close() } }, icon('close'))
  const dialog = h('dialog', { 'aria-labelledby': 'dialog-title' }, h('header', {}, heading, close), h('div', { class: 'dialog-body' }, content))
  dialog.addEventListener('close', () => dialog.remove())
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close()
  })
  document.body.append(dialog)
  dialog.showModal()
  return dialog
}
