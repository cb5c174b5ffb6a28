// Copies a text, and says that it did.

import { announce } from './announce.js'
import { h, setText } from './dom.js'
import { icon } from './icons.js'

const SAID_FOR_MS = 1500

export function copyButton(label, textOf) {
  const words = h('span', {}, label)
  const copy = async () => {
    const isCopied = await write(textOf())
    setText(words, isCopied ? 'Copied' : 'Could not copy')
    announce(isCopied ? 'Copied' : 'Could not copy')
    setTimeout(() => setText(words, label), SAID_FOR_MS)
  }
  return h('button', { type: 'button', class: 'button small', on: { click: copy } }, icon('link'), words)
}

// Browsers give the clipboard to pages over HTTPS and of the own machine; elsewhere the old way may work.
async function write(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const field = h('textarea', { class: 'visually-hidden', value: text })
    document.body.append(field)
    field.select()
    const isCopied = document.execCommand('copy')
    field.remove()
    return isCopied
  }
}
