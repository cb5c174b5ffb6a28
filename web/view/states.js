// What a page shows while it has nothing to show: it loads, there is nothing, or something failed.

import { h } from './dom.js'
import { icon } from './icons.js'

export function loading(what = 'Loading') {
  return h(
    'div',
    { class: 'state loading', role: 'status' },
    h('span', { class: 'visually-hidden' }, what),
    h('div', { class: 'skeleton wide', 'aria-hidden': 'true' }),
    h('div', { class: 'skeleton', 'aria-hidden': 'true' }),
    h('div', { class: 'skeleton short', 'aria-hidden': 'true' })
  )
}

export function empty(title, ...more) {
  return h('div', { class: 'state empty' }, h('p', { class: 'state-title' }, title), more.length > 0 && h('div', { class: 'state-more' }, more))
}

// `error` as api/client.js throws it; `again` is called by the button.
export function failure(error, again) {
  return h(
    'div',
    { class: 'state failure', role: 'alert' },
    icon('warning'),
    h('p', { class: 'state-title' }, error.title ?? 'Something went wrong'),
    error.message && error.message !== error.title && h('p', { class: 'state-more' }, error.message),
    again && h('button', { class: 'button', type: 'button', on: { click: again } }, 'Try again')
  )
}
