import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatAgo, formatBytes, formatDuration, formatNumber, formatPercent, formatShort, formatTime, plural, timeOf } from './format.js'

test('sizes have three digits and the unit that suits', () => {
  assert.deepEqual([0, 999, 1000, 1234567, 99_960_000, 999_600, 5e12].map(formatBytes), ['0 B', '999 B', '1.00 kB', '1.23 MB', '100 MB', '1.00 MB', '5.00 TB'])
  assert.equal(formatBytes(null), '–')
  assert.equal(formatBytes(12345678901234567890n), '12346 PB')
})

test('numbers have groups, and short ones a letter', () => {
  assert.equal(formatNumber(1234567), '1,234,567')
  assert.equal(formatNumber(9007199254740993n), '9,007,199,254,740,993')
  assert.equal(formatNumber('7'), '–')
  assert.deepEqual([9, 10_009, 1_500_000].map(formatShort), ['9', '10.0k', '1.50M'])
  assert.equal(plural(1, 'row'), '1 row')
  assert.equal(plural(2000, 'row'), '2,000 rows')
})

test('durations have two units at most', () => {
  assert.deepEqual(
    [0, 850, 4000, 59_499, 60_000, 200_000, 900_000, 7_500_000, 273_600_000, 604_800_000].map(formatDuration),
    ['0 ms', '850 ms', '4 s', '59 s', '1 min', '3 min 20 s', '15 min', '2 h 5 min', '3 d 4 h', '7 d']
  )
  assert.equal(formatDuration(NaN), '–')
})

test('what was long ago is told in one unit', () => {
  assert.deepEqual([0, 1999, 59_999, 3_599_000, 86_399_000, 200_000_000].map(formatAgo), ['now', 'now', '59 s ago', '59 min ago', '23 h ago', '2 d ago'])
})

test('what is not done is never at 100 %', () => {
  assert.deepEqual([0, 0.0004, 0.001, 0.5, 0.99999, 1, undefined].map(formatPercent), ['0 %', '<0.1 %', '0.1 %', '50 %', '99 %', '100 %', '–'])
})

test('a text that is no time stays as it is', () => {
  assert.equal(formatTime('soon'), 'soon')
  assert.match(formatTime('2026-11-30T14:09:32.229Z'), /^2026-1[12]-\d\d \d\d:\d\d:32$/)
  assert.match(formatTime('2026-11-30T14:09:32.229Z', { withDate: false, withMilliseconds: true }), /^\d\d:\d\d:32\.229$/)
  assert.equal(timeOf('soon'), undefined)
  assert.equal(timeOf('1970-01-01T00:00:01Z'), 1000)
})
