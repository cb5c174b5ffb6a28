// Schemas and differences as lines of text, with colours that say what stands there.

import { h } from './dom.js'

const CONTEXT = 3
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)|\b(true|false|null)\b/g

export function schemaText(text) {
  return h('pre', { class: 'source', tabIndex: 0, role: 'region', 'aria-label': 'Text of the schema' }, h('code', {}, coloured(text)))
}

function coloured(text) {
  const parts = []
  let at = 0
  for (const match of text.matchAll(TOKEN)) {
    parts.push(text.slice(at, match.index))
    if (match[2] !== undefined) parts.push(h('span', { class: 'json-name' }, match[1]), match[2])
    else if (match[1] !== undefined) parts.push(h('span', { class: 'json-text' }, match[1]))
    else parts.push(h('span', { class: match[3] !== undefined ? 'json-number' : 'json-boolean' }, match[0]))
    at = match.index + match[0].length
  }
  parts.push(text.slice(at))
  return parts
}

// Lines as `diff -u` marks them, by their first character.
export function diffLines(lines) {
  return h('pre', { class: 'source diff', tabIndex: 0, role: 'region', 'aria-label': 'Differences' }, folded(lines).map((line) => h('span', { class: `diff-line ${kindOf(line)}` }, line)))
}

// Long runs of lines that both have are left out but for some around each change.
function folded(lines) {
  const isNear = lines.map((_, at) => lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some((line) => !line.startsWith(' ')))
  const shown = []
  lines.forEach((line, at) => {
    if (isNear[at]) shown.push(line)
    else if (isNear[at - 1] || at === 0) shown.push('⋯')
  })
  return shown
}

function kindOf(line) {
  if (line === '⋯') return 'diff-head'
  return line.startsWith('+') ? 'diff-added' : line.startsWith('-') ? 'diff-removed' : ''
}
