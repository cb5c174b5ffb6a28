import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boardFields, toneOf } from './board_fields.js'
import { fieldsOf } from './schema_fields.js'

const time = { type: 'long', logicalType: 'timestamp-millis' }
const record = (fields, name = 'R') => ({ type: 'record', name, namespace: 'n', fields: Object.entries(fields).map(([field, type]) => ({ name: field, type })) })
const DOWNLOAD = record({
  omashuId: 'string',
  status: { type: 'enum', name: 'Status', symbols: ['QUEUED', 'RUNNING'] },
  bytesSoFar: 'long',
  bytesTotal: ['null', 'long'],
  reason: ['null', 'string'],
  requestedAt: time,
  updatedAt: time,
  source: record({ url: 'string', sha256: ['null', 'string'] }, 'Source'),
})
const paths = (board) => Object.fromEntries(Object.entries(board).map(([role, field]) => [role, field?.path]))

test('records within records are dotted paths', () => {
  assert.deepEqual(fieldsOf(DOWNLOAD).map(({ path }) => path), ['omashuId', 'status', 'bytesSoFar', 'bytesTotal', 'reason', 'requestedAt', 'updatedAt', 'source.url', 'source.sha256'])
  const [, status, , total] = fieldsOf(DOWNLOAD)
  assert.deepEqual(status.symbols, ['QUEUED', 'RUNNING'])
  assert.equal(total.isNullable, true)
  assert.equal(total.type, 'long')
})

test('a type that is named again is found, and one that holds itself ends', () => {
  const list = { type: 'record', name: 'Node', fields: [{ name: 'value', type: 'int' }, { name: 'next', type: ['null', 'Node'] }] }
  const found = fieldsOf(list).map(({ path }) => path)
  assert.equal(found[0], 'value')
  assert.ok(found.length < 10)
  const twice = record({ a: record({ x: 'int' }, 'Part'), b: 'Part' })
  assert.deepEqual(fieldsOf(twice).map(({ path }) => path), ['a.x', 'b.x'])
})

test('a schema that is no record has no fields', () => {
  assert.deepEqual(fieldsOf('string'), [])
  assert.deepEqual(fieldsOf(['null', 'string']), [])
  assert.deepEqual(fieldsOf(null), [])
})

test('state, progress, times and reason are seen by names and types', () => {
  assert.deepEqual(paths(boardFields(fieldsOf(DOWNLOAD))), {
    status: 'status',
    progress: 'bytesSoFar',
    total: 'bytesTotal',
    updated: 'updatedAt',
    started: 'requestedAt',
    reason: 'reason',
    label: 'source.url',
  })
})

test('other names for the same are seen too', () => {
  const board = (fields) => paths(boardFields(fieldsOf(record(fields))))
  const kind = { type: 'enum', name: 'K', symbols: ['A'] }
  assert.equal(board({ kind }).status, 'kind')
  assert.equal(board({ kind, jobState: { ...kind, name: 'J' } }).status, 'jobState')
  assert.deepEqual([board({ done: 'int', total: 'int' }).progress, board({ done: 'int', total: 'int' }).total], ['done', 'total'])
  assert.equal(board({ rows: 'int', totalRows: 'int' }).progress, 'rows')
  assert.equal(board({ filesProcessed: 'int', maxFiles: 'int' }).total, 'maxFiles')
  assert.equal(board({ percent: 'int' }).progress, 'percent')
  assert.equal(board({ a: 'int', b: 'int' }).progress, undefined)
  assert.equal(board({ errorMessage: 'string' }).reason, 'errorMessage')
  assert.equal(board({ at: time }).updated, 'at')
})

test('what the file says wins', () => {
  const fields = fieldsOf(record({ phase: { type: 'enum', name: 'P', symbols: [] }, status: { type: 'enum', name: 'S', symbols: [] }, n: 'int', all: 'int' }))
  assert.deepEqual(paths(boardFields(fields, ['phase', 'n', 'all'])), { status: 'phase', progress: 'n', total: 'all', updated: undefined, started: undefined, reason: undefined, label: undefined })
  assert.equal(boardFields(fields, ['nothing']).status.path, 'status')
})

test('states have tones', () => {
  assert.deepEqual(['FAILED', 'COMPLETED', 'RUNNING', 'IN_PROGRESS', 'QUEUED', 'CANCELLED', 'INACTIVE', 'ACTIVE', 'INCOMPLETE', 'XYZ'].map(toneOf), ['bad', 'good', 'active', 'active', 'waiting', 'off', 'off', 'active', 'plain', 'plain'])
})
