import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conditionText, containing, memberOf, operandOf, parseCondition } from './filter.js'

test('a condition is a path, an operator and an operand', () => {
  assert.deepEqual(parseCondition('status=FAILED'), { field: 'status', operator: '=', operand: 'FAILED' })
  assert.deepEqual(parseCondition(' attempt >= 3 '), { field: 'attempt', operator: '>=', operand: '3' })
  assert.deepEqual(parseCondition('source.url ~ ^https://a=b'), { field: 'source.url', operator: '~', operand: '^https://a=b' })
  assert.deepEqual(parseCondition('status in (FAILED, CANCELLED)'), { field: 'status', operator: 'in', operand: 'FAILED, CANCELLED' })
  assert.deepEqual(parseCondition('reason is  not null'), { field: 'reason', operator: 'is not null', operand: '' })
  assert.deepEqual(parseCondition('labels["a.b"][0].c != x'), { field: 'labels["a.b"][0].c', operator: '!=', operand: 'x' })
})

test('anything else is none', () => {
  for (const text of ['', 'om-1', 'status', '=x', 'a b', 'status in FAILED', 'a..b = 1', 'a. = 1', '["x = 1']) assert.equal(parseCondition(text), null, text)
})

test('what was taken apart goes together again', () => {
  for (const text of ['status=FAILED', 'attempt > 3', 'status in (A, B)', 'reason is null', 'a ~ (?i)x y']) assert.equal(conditionText(parseCondition(text)), text)
})

test('a value is an operand that finds it again', () => {
  assert.equal(operandOf('plain text'), 'plain text')
  assert.equal(operandOf('null'), '"null"')
  assert.equal(operandOf(' x'), '" x"')
  assert.equal(operandOf('"'), '"\\""')
  assert.equal(operandOf(null), 'null')
  assert.equal(operandOf(12n), '12')
  assert.equal(memberOf('A'), 'A')
  assert.equal(memberOf('a, b'), '"a, b"')
})

test('a text is looked for as it stands', () => {
  const pattern = new RegExp(containing('a.(b)[1]$').replace('(?i)', ''), 'i')
  assert.ok(pattern.test('xA.(B)[1]$y'))
  assert.ok(!pattern.test('xab1'))
})
