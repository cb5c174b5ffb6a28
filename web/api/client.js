// Requests to the service. Its errors are problem+json, and become a Problem; so does a server that cannot be reached.

import { parseJson } from '../model/json.js'

export class Problem extends Error {
  constructor({ status, title, detail, pointer, body }) {
    super(detail || title)
    this.title = title
    this.status = status // 0: there was no answer
    this.pointer = pointer
    this.body = body
  }

  get isUnreachable() {
    return this.status === 0
  }
}

async function problemOf(response, text) {
  let body = null
  try {
    body = parseJson(text)
  } catch {
    // A proxy's page, for instance.
  }
  return new Problem({
    status: response.status,
    title: body?.title ?? `The server answered ${response.status}`,
    detail: body?.detail ?? body?.message,
    pointer: body?.pointer,
    body,
  })
}

// {status, text, headers}: 2xx and 304; anything else is thrown.
export async function send(path, { method = 'GET', body, headers = {}, signal } = {}) {
  let response
  let text
  try {
    response = await fetch(path, { method, body, headers, signal, cache: 'no-store' })
    text = await response.text()
  } catch (error) {
    if (error.name === 'AbortError') throw error
    throw new Problem({
      status: 0,
      title: 'The server cannot be reached',
      detail: 'No answer came. It may have stopped, or the network is away.',
    })
  }
  if (!response.ok && response.status !== 304) throw await problemOf(response, text)
  return { status: response.status, text, headers: response.headers }
}

export async function getJson(path, options) {
  return parseJson((await send(path, options)).text)
}

export async function postJson(path, value, options = {}) {
  const body = JSON.stringify(value)
  const answer = await send(path, { ...options, method: 'POST', body, headers: { 'Content-Type': 'application/json' } })
  return parseJson(answer.text)
}

// path('v1/tables', 'a/b', 'rows'): the first part as it is, the others as one segment each.
export function path(start, ...segments) {
  return [start, ...segments.map(encodeURIComponent)].join('/')
}
