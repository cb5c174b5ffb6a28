import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rootOf } from './dropped_files.js'
import { placeOf } from './row.js'
import { startOf } from './record_start.js'

test('files of a dropped folder are named from the folder of the table of topics', () => {
  assert.equal(rootOf(['downloads/topics_and_schemas.txt', 'downloads/avsc/a.avsc']), 'downloads/')
  assert.equal(rootOf(['topics_and_schemas.txt', 'a.avsc']), '')
  assert.equal(rootOf(['a/topics_and_schemas.txt', 'b/a.avsc']), '')
  assert.equal(rootOf(['a.avsc']), '')
})

test('a position is read from its end', () => {
  assert.deepEqual(placeOf('status-download-2-17'), { topic: 'status-download', partition: '2', offset: '17' })
  assert.deepEqual(placeOf('t-1'), {})
  assert.deepEqual(placeOf(undefined), {})
})

test('where reading begins says what it is', () => {
  assert.deepEqual([null, 'end', 'beginning', '17', '2026-11-30T08:00:00Z', 'status-download-0-1,1-2'].map(startOf), ['end', 'end', 'beginning', 'offset', 'time', 'page'])
})
