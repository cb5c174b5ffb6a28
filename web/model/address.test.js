import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonText, parseJson } from './json.js'
import { link, parseRoute, queryText } from './route.js'

test('an address is segments and a query, and back', () => {
  const address = link(['tables', 'a/b', 'rows', 'x?y#z'], { where: ['a=1', 'b ~ c&d'], sort: '-n', columns: '' })
  const { segments, query } = parseRoute(address)
  assert.deepEqual(segments, ['tables', 'a/b', 'rows', 'x?y#z'])
  assert.deepEqual(query.getAll('where'), ['a=1', 'b ~ c&d'])
  assert.equal(query.get('sort'), '-n')
  assert.equal(query.has('columns'), false)
})

test('an address that is broken still means something', () => {
  assert.deepEqual(parseRoute('').segments, [])
  assert.deepEqual(parseRoute('#/tables/%zz').segments, ['tables', '%zz'])
  assert.deepEqual(parseRoute('#tables//x').segments, ['tables', 'x'])
})

test('a query keeps its order', () => {
  assert.equal(queryText(new URLSearchParams('b=1&a=2')), 'b=1&a=2')
  assert.equal(queryText({ a: [], b: null, c: 0 }), 'c=0')
})

test('JSON is indented as it is read', () => {
  assert.equal(jsonText({ a: [1, 'x'], b: {}, c: null }), '{"a":[1,"x"],"b":{},"c":null}')
  assert.equal(jsonText({ a: [1] }, 2), '{\n  "a": [\n    1\n  ]\n}')
  assert.equal(jsonText(9007199254740993n), '9007199254740993')
})

test('whole numbers beyond 2^53 stay exact where the platform tells how they are spelled', (context) => {
  const isTold = JSON.parse('1', (_key, _value, told) => told?.source) === '1'
  if (!isTold) return context.skip('this JavaScript does not tell')
  assert.equal(jsonText(parseJson('{"n":9007199254740993,"t":"9007199254740993","d":0.5}')), '{"n":9007199254740993,"t":"9007199254740993","d":0.5}')
  return undefined
})
