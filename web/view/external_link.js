// A text of a record that is a web address may be followed; everything else stays text. The opened page gets neither a
// handle on this one nor its address.

import { h } from './dom.js'

export function isWebAddress(text) {
  if (typeof text !== 'string' || text.length > 2000 || !/^https?:\/\//i.test(text)) return false
  try {
    const protocol = new URL(text).protocol
    return protocol === 'https:' || protocol === 'http:'
  } catch {
    return false
  }
}

export function externalLink(text) {
  const link = h('a', { class: 'external', target: '_blank', rel: 'noopener noreferrer' }, text)
  link.setAttribute('href', text)
  return link
}
