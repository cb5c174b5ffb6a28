// A service that answers as omashu's does, with rows made up here: for states that a real one is seldom in (restoring,
// gone, hostile names), and to look at the pages while they are worked on:
//
//   node tests/real/dashboard/fake_service.mjs PORT     then open http://127.0.0.1:PORT

import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { clusterAnswers } from './fake_cluster.mjs'
import { FakeTable, suits } from './fake_table.mjs'

const WEB = fileURLToPath(new URL('../../../web/', import.meta.url))
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' }
const POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'"

export class FakeService {
  // tables: FakeTable[]
  constructor(tables) {
    this.tables = new Map(tables.map((table) => [table.name, table]))
    this.server = createServer((request, response) => {
      this.#answer(request, response).catch((error) => problem(response, 500, String(error)))
    })
  }

  async listen(port = 0) {
    await new Promise((done) => this.server.listen(port, '127.0.0.1', done))
    return `http://127.0.0.1:${this.server.address().port}/`
  }

  async stop() {
    this.server.closeAllConnections()
    await new Promise((done) => this.server.close(done))
  }

  async #answer(request, response) {
    const url = new URL(request.url, 'http://host')
    const segments = url.pathname.split('/').filter(Boolean).map(decodeURIComponent)
    if (segments[0] !== 'v1') return this.#file(segments, response)
    if (segments[1] === 'tables') return this.#table(segments.slice(2), url.searchParams, request, response)
    const found = clusterAnswers(segments.slice(1), url.searchParams)
    return found === undefined ? problem(response, 404, `no ${url.pathname}`) : json(response, found)
  }

  async #file(segments, response) {
    const path = segments.length === 0 ? 'index.html' : normalize(segments.slice(1).join('/'))
    const body = await readFile(join(WEB, path)).catch(() => null)
    if (!body || path.startsWith('..')) return problem(response, 404, 'no such file')
    response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'text/plain', 'Content-Security-Policy': POLICY, 'Cache-Control': 'no-cache' })
    return response.end(body)
  }

  #table([name, part, key], query, request, response) {
    if (name === undefined) return json(response, { tables: [...this.tables.values()].map((table) => table.summary()) })
    const table = this.tables.get(name)
    if (!table) return problem(response, 404, `there is no table ${name}`)
    if (part === undefined) return json(response, table.description())
    if (table.isRestoring && key === undefined) return problem(response, 503, 'the table is still being read: not all rows are there')
    if (part === 'count') return json(response, table.count(query))
    if (part === 'watch' && this.refusesStreams) return problem(response, 403, 'no event streams here')
    if (part === 'watch') return watch(table, query, request, response)
    if (key === undefined) return json(response, table.page(query))
    return row(table, key, query, request, response)
  }
}

function json(response, value, status = 200, headers = {}) {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
  response.end(JSON.stringify(value))
}

function problem(response, status, detail) {
  response.writeHead(status, { 'Content-Type': 'application/problem+json' })
  response.end(JSON.stringify({ type: 'about:blank', title: `Problem ${status}`, status, detail }))
}

function row(table, key, query, request, response) {
  const history = table.historyOf(key)
  if (!history) return problem(response, table.isRestoring ? 503 : 404, `${table.name} has no row with the key ${key}`)
  if (query.has('history')) return json(response, { records: [...history].reverse(), isScanned: false, isComplete: true })
  const last = history.at(-1)
  if (last.value === null) return problem(response, 410, `${key} was deleted`)
  const headers = { ETag: `"${last.position}"`, 'Last-Modified': new Date(last.timestamp).toUTCString(), 'Omashu-Lag': '0' }
  if (request.headers['if-none-match'] === headers.ETag) {
    response.writeHead(304, headers)
    return response.end()
  }
  return json(response, last.value, 200, headers)
}

function watch(table, query, request, response) {
  const where = query.getAll('where')
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
  const send = (event, data) => response.write(`event: ${event}\nid: ${table.position}\ndata: ${JSON.stringify(data)}\n\n`)
  send('snapshot', {})
  const inside = new Set()
  for (const one of table.rows()) {
    if (!suits(one, where)) continue
    inside.add(JSON.stringify(one.key))
    send('enter', one)
  }
  send('ready', {})
  const forget = table.onChange((one) => {
    const key = JSON.stringify(one.key)
    const was = inside.has(key)
    const is = one.value !== null && suits(one, where)
    if (is) inside.add(key)
    else inside.delete(key)
    if (is || was) send(is ? (was ? 'update' : 'enter') : one.value === null ? 'delete' : 'leave', one)
  })
  request.on('close', forget)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { demoTables } = await import('./fake_data.mjs')
  console.log(await new FakeService(demoTables()).listen(Number(process.argv[2] ?? 0)))
}

export { FakeTable }
