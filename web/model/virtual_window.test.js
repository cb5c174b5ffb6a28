import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scrollTo, windowOf } from './virtual_window.js'

const view = { height: 340, rowHeight: 34, count: 10_000, overscan: 2 }

test('only what can be seen is there, and a little around it', () => {
  assert.deepEqual(windowOf({ ...view, scrollTop: 0 }), { first: 0, last: 13, before: 0, after: 9987 * 34, shown: 10_000 })
  assert.deepEqual(windowOf({ ...view, scrollTop: 3400 }), { first: 98, last: 113, before: 98 * 34, after: 9887 * 34, shown: 10_000 })
})

test('the heights add up wherever one is', () => {
  for (const scrollTop of [0, 17, 5000, 339_660, 400_000, -50]) {
    const { first, last, before, after } = windowOf({ ...view, scrollTop })
    assert.equal(before + (last - first) * 34 + after, 340_000)
    assert.ok(last <= 10_000)
  }
})

test('a short or empty list is whole', () => {
  assert.deepEqual(windowOf({ ...view, count: 3, scrollTop: 0 }), { first: 0, last: 3, before: 0, after: 0, shown: 3 })
  assert.deepEqual(windowOf({ ...view, count: 0, scrollTop: 99 }), { first: 0, last: 0, before: 0, after: 0, shown: 0 })
})

test('nothing is higher than browsers lay out', () => {
  const { before, after, shown } = windowOf({ ...view, count: 10_000_000, scrollTop: 0 })
  assert.ok(before + after <= 15_000_000)
  assert.equal(shown, 441_176)
})

test('a row is scrolled to only as far as it needs', () => {
  const at = { scrollTop: 340, height: 340, rowHeight: 34, headHeight: 34 }
  assert.equal(scrollTo({ ...at, index: 12 }), undefined)
  assert.equal(scrollTo({ ...at, index: 2 }), 68)
  assert.equal(scrollTo({ ...at, index: 30 }), 30 * 34 + 34 + 34 - 340)
})
