// Keys as people read and write them: `om-1` for a text, or for a record of one field; JSON for anything else.

import { jsonText } from './json.js'

// Would a bare word be taken for JSON by the server?
function looksLikeJson(text) {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function bareWord(value) {
  if (typeof value === 'string') return value === '' || looksLikeJson(value) ? undefined : value
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  return undefined
}

function onlyField(key) {
  if (key === null || typeof key !== 'object' || Array.isArray(key)) return undefined
  const values = Object.values(key)
  return values.length === 1 ? values[0] : undefined
}

// For paths of the HTTP API and for the address.
export function keyText(key) {
  return bareWord(typeof key === 'object' ? onlyField(key) : key) ?? jsonText(key)
}

// For people.
export function keyLabel(key) {
  const value = key !== null && typeof key === 'object' ? onlyField(key) : key
  return typeof value === 'string' && value !== '' ? value : keyText(key)
}
