// System, light, dark, and round again.

import { announce } from './announce.js'
import { h, replace } from './dom.js'
import { icon } from './icons.js'

const NEXT = { system: 'light', light: 'dark', dark: 'system' }
const ICONS = { system: 'system', light: 'sun', dark: 'moon' }

const current = () => document.documentElement.dataset.theme ?? 'system'

function choose(theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  try {
    if (theme === 'system') localStorage.removeItem('omashu-theme')
    else localStorage.setItem('omashu-theme', theme)
  } catch {
    // The choice lasts as long as the page then.
  }
}

export function themeSwitch() {
  const button = h('button', { type: 'button', class: 'icon-button' })
  const show = () => {
    button.setAttribute('aria-label', `Colours: ${current()}. Change to ${NEXT[current()]}`)
    button.title = `Colours: ${current()}`
    replace(button, icon(ICONS[current()]))
  }
  button.addEventListener('click', () => {
    choose(NEXT[current()])
    show()
    announce(`Colours: ${current()}`)
  })
  show()
  return button
}
