import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changesBetween } from './changes.js'
import { columnWidth, defaultColumns, fieldsOfRows } from './columns.js'
import { keyLabel, keyText } from './key.js'
import { lineDiff } from './line_diff.js'
import { sorted } from './order.js'
import { fieldOf, parsePath, pathText } from './path.js'
import { RowSet } from './row_set.js'

const row = (id, value) => ({ id, key: id, value })

test('paths lead into records, maps and arrays', () => {
  const one = { key: { id: 'k' }, value: { a: { b: [1, { 'x.y': 2 }] }, key: 'v' } }
  assert.equal(fieldOf(one, 'a.b[0]'), 1)
  assert.equal(fieldOf(one, 'a.b[1]["x.y"]'), 2)
  assert.equal(fieldOf(one, 'key.id'), 'k')
  assert.equal(fieldOf(one, '["key"]'), 'v')
  assert.equal(fieldOf(one, 'a.missing.c'), undefined)
  assert.equal(parsePath('a..b'), null)
  assert.equal(parsePath(''), null)
  assert.equal(pathText(['a', 0, 'x.y']), 'a[0]["x.y"]')
  assert.equal(pathText(['key']), '["key"]')
})

test('names of JavaScript’s own are no fields', () => {
  const hostile = { key: 'k', value: JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2}') }
  assert.equal(fieldOf(hostile, 'toString'), undefined)
  assert.equal(fieldOf(hostile, 'constructor'), 2)
  assert.equal({}.polluted, undefined)
})

test('what is missing is last in either direction', () => {
  const rows = [row('a', { n: null }), row('b', { n: 2 }), row('c', {}), row('d', { n: 10 })]
  assert.deepEqual(sorted(rows, 'n').map(({ id }) => id), ['b', 'd', 'a', 'c'])
  assert.deepEqual(sorted(rows, '-n').map(({ id }) => id), ['d', 'b', 'a', 'c'])
  assert.deepEqual(sorted([...rows].reverse(), '').map(({ id }) => id), ['a', 'b', 'c', 'd'])
})

test('numbers beyond 2^53 are in order among others', () => {
  const rows = [row('a', { n: 9007199254740993n }), row('b', { n: 5 }), row('c', { n: 9007199254740992n })]
  assert.deepEqual(sorted(rows, 'n').map(({ id }) => id), ['b', 'c', 'a'])
})

test('a watch’s events make and take rows', () => {
  const rows = new RowSet()
  assert.equal(rows.apply('enter', row('a', 1)), undefined)
  assert.deepEqual(rows.apply('update', row('a', 2)), row('a', 1))
  rows.apply('enter', row('b', 1))
  rows.apply('leave', row('a', 3))
  rows.apply('delete', row('b', null))
  assert.equal(rows.size, 0)
})

test('keys are written as the command line takes them', () => {
  assert.equal(keyText({ omashuId: 'om-1' }), 'om-1')
  assert.equal(keyText('om-1'), 'om-1')
  assert.equal(keyText('1'), '"1"')
  assert.equal(keyText({ id: 7 }), '7')
  assert.equal(keyText({ a: 'x', b: 1 }), '{"a":"x","b":1}')
  assert.equal(keyText(null), 'null')
  assert.equal(keyLabel({ id: '1' }), '1')
})

test('what changed is told field by field', () => {
  assert.deepEqual(changesBetween({ a: 1, b: { c: 'x', d: [1] } }, { a: 2, b: { c: 'x', d: [1, 2] }, e: null }), [
    { path: 'a', before: 1, after: 2 },
    { path: 'b.d', before: [1], after: [1, 2] },
  ])
})

test('columns begin with what says most', () => {
  const field = (path, type = 'string') => ({ path, type })
  const fields = ['id', 'a', 'b', 'status', 'updatedAt'].map((path) => field(path))
  const board = { status: fields[3], updated: fields[4] }
  assert.deepEqual(defaultColumns(fields, board, [field('id')]), ['status', 'updatedAt', 'a', 'b'])
  assert.deepEqual(defaultColumns([], {}), ['(timestamp)'])
  assert.deepEqual(fieldsOfRows([row('a', { x: 1, y: { z: 't' } })]), [{ path: 'x', type: 'double' }, { path: 'y.z', type: 'string' }])
  assert.ok(columnWidth('a', field('a'), ['x'.repeat(500)]) <= 44)
})

test('lines are compared with as little change as there is', () => {
  assert.deepEqual(lineDiff('a\nb\nc', 'a\nx\nc'), [' a', '-b', '+x', ' c'])
  assert.deepEqual(lineDiff('a\nb\nc\nd', 'a\nc\nd\ne'), [' a', '-b', ' c', ' d', '+e'])
  assert.deepEqual(lineDiff('same', 'same'), [' same'])
})
