// What is different between two values of a row: each field that was added, removed or changed, by its path.

import { jsonText } from './json.js'
import { pathText } from './path.js'

const isRecord = (value) => value !== null && typeof value === 'object' && !Array.isArray(value)

export function changesBetween(before, after, steps = [], found = []) {
  if (isRecord(before) && isRecord(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      changesBetween(
        Object.hasOwn(before, name) ? before[name] : undefined,
        Object.hasOwn(after, name) ? after[name] : undefined,
        [...steps, name],
        found
      )
    }
  } else if (jsonText(before ?? null) !== jsonText(after ?? null)) {
    found.push({ path: pathText(steps), before, after })
  }
  return found
}
