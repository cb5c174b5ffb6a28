// Downloads, as examples/downloads has them, some of which go on by themselves.

import { readFileSync } from 'node:fs'
import { FakeTable } from './fake_table.mjs'

const EXAMPLES = new URL('../../../examples/downloads/', import.meta.url)
const schema = (name) => JSON.parse(readFileSync(new URL(name, EXAMPLES), 'utf8'))
const BEGAN = Date.now()
const FILES = ['atlas.zip', 'plans.pdf', 'north-sea-bathymetry-2024.tif', 'tiles.mbtiles', 'terrain.las', 'orthophoto-17-4.jp2']

export function downloadsTable(name = 'status-download') {
  const valueSchema = schema('status-download.avsc')
  valueSchema.fields.at(-1).type = schema('download-source.avsc')
  return new FakeTable({ name, keySchema: schema('status-download-key.avsc'), valueSchema, indexes: ['status'] })
}

const REASONS = ['404 Not Found', 'connection reset by peer after 3 attempts', 'sha256 is 9f86d081884c7d65… and should be 2c26b46b68ffc68f…', 'No space left on device']

export function put(table, number, status, soFar, total, more = {}) {
  const now = Date.now()
  table.put(
    { omashuId: `om-${number}` },
    {
      omashuId: `om-${number}`,
      status,
      bytesSoFar: soFar,
      bytesTotal: total,
      reason: status === 'FAILED' ? REASONS[number % REASONS.length] : status === 'CANCELLED' ? 'by its user' : null,
      attempt: 1 + (number % 3),
      requestedAt: new Date(BEGAN - 600_000 - (number % 1000) * 7000).toISOString(),
      updatedAt: new Date(now).toISOString(),
      source: { url: `https://example.org/${FILES[number % FILES.length]}`, sha256: null },
      ...more,
    },
    new Date(now).toISOString()
  )
}

export function fill(table, count) {
  const states = ['COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED', 'QUEUED', 'FAILED', 'CANCELLED', 'COMPLETED', 'QUEUED']
  for (let i = 0; i < count; ++i) {
    const total = 1_000_000 + ((i * 7_654_321) % 900_000_000)
    const status = states[i % states.length]
    put(table, i, status, status === 'COMPLETED' ? total : 0, total, { updatedAt: new Date(Date.now() - i * 61_000).toISOString() })
  }
}

export function demoTables() {
  const table = downloadsTable()
  fill(table, 10_000)
  const running = new Map()
  for (let i = 10_000; i < 10_009; ++i) running.set(i, { soFar: (i % 10) * 300_000, total: i % 4 === 3 ? null : 90_000_000 + i * 1000, rate: 700_000 + (i % 5) * 900_000 })
  const step = () => {
    for (const [i, one] of running) {
      one.soFar += Math.round(one.rate * (0.4 + Math.random() * 0.2))
      const isDone = one.total !== null && one.soFar >= one.total
      put(table, i, isDone ? 'COMPLETED' : 'RUNNING', isDone ? one.total : one.soFar, one.total)
      if (isDone) running.delete(i)
    }
  }
  for (const i of running.keys()) put(table, i, 'QUEUED', 0, null)
  step()
  setInterval(step, 500).unref()
  return [table, downloadsTable('status-upload')]
}
