import assert from 'node:assert/strict'
import { test } from 'node:test'
import { averageRate, isStalled, outlook, ProgressMeter } from './progress.js'

test('a rate needs two moments', () => {
  const meter = new ProgressMeter()
  assert.equal(meter.rate, undefined)
  meter.add(100, 1000)
  assert.equal(meter.rate, undefined)
  meter.add(300, 2000)
  assert.equal(meter.rate, 200)
})

test('the rate is that of the last half minute', () => {
  const meter = new ProgressMeter()
  for (let second = 0; second <= 100; ++second) meter.add(second <= 60 ? second * 10 : 600 + (second - 60) * 100, second * 1000)
  assert.equal(meter.rate, 100)
})

test('an amount that goes back begins anew', () => {
  const meter = new ProgressMeter()
  meter.add(500, 1000)
  meter.add(0, 2000)
  assert.equal(meter.rate, undefined)
  meter.add(50, 3000)
  assert.equal(meter.rate, 50)
})

test('what comes late, or twice, counts for nothing', () => {
  const meter = new ProgressMeter()
  meter.add(100, 1000)
  meter.add(100, 1000)
  meter.add(90, 500)
  assert.equal(meter.rate, undefined)
})

test('a meter stays small', () => {
  const meter = new ProgressMeter()
  for (let i = 0; i < 10_000; ++i) meter.add(i, i)
  assert.equal(meter.rate, 1000)
})

test('time left is what remains at that rate', () => {
  assert.deepEqual(outlook(25, 100, 5), { fraction: 0.25, left: 15_000 })
  assert.deepEqual(outlook(25, 100, 0), { fraction: 0.25, left: undefined })
  assert.deepEqual(outlook(120, 100, 5), { fraction: 1, left: undefined })
  assert.deepEqual(outlook(25, undefined, 5), { fraction: undefined, left: undefined })
  assert.deepEqual(outlook(25, 0, 5), { fraction: undefined, left: undefined })
})

test('the average since the beginning serves before there is a rate', () => {
  assert.equal(averageRate(1000, 0, 10_000), 100)
  assert.equal(averageRate(1000, undefined, 10_000), undefined)
  assert.equal(averageRate(0, 0, 10_000), undefined)
})

test('silence is a stall only after a while', () => {
  assert.equal(isStalled(0, 30_000), false)
  assert.equal(isStalled(0, 61_000), true)
  assert.equal(isStalled(undefined, 61_000), false)
})
