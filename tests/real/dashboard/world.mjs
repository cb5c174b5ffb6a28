// What the pages are tried on: the service of OMASHU_URL, written to with the program OMASHU_PROGRAM; without it the fake
// one of this folder.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { downloadsTable, fill, put } from './fake_data.mjs'
import { FakeService } from './fake_service.mjs'

const run = promisify(execFile)
export const TABLE = 'status-download'
export const ROWS = 10_000

export async function openWorld() {
  return process.env.OMASHU_URL ? realWorld() : fakeWorld()
}

async function fakeWorld() {
  const table = downloadsTable(TABLE)
  fill(table, ROWS)
  const service = new FakeService([table])
  const url = await service.listen()
  return {
    url,
    async put(number, status, soFar, total, more) {
      put(table, number, status, soFar, total, more)
    },
    stop: () => service.stop(),
  }
}

// Written as JSON lines by one run of the program: `omashu put --from -`.
async function omashu(args, input) {
  const child = run(process.env.OMASHU_PROGRAM, args)
  child.child.stdin.end(input ?? '')
  return child
}

async function realWorld() {
  const url = process.env.OMASHU_URL.replace(/\/?$/, '/')
  const value = (table, number, ...rest) => {
    let written = null
    put({ put: (_key, made) => (written = made) }, number, ...rest)
    return written
  }
  const counted = await (await fetch(`${url}v1/tables/${TABLE}`)).json()
  if (counted.rows < ROWS) {
    const lines = []
    fill({ put: (_key, made) => lines.push(JSON.stringify(made)) }, ROWS)
    await omashu(['put', TABLE, '--from', '-', '--key-field', 'omashuId'], `${lines.join('\n')}\n`)
  }
  return {
    url,
    async put(number, ...rest) {
      await omashu(['put', TABLE, `om-${number}`, JSON.stringify(value(TABLE, number, ...rest))])
    },
    stop: async () => {},
  }
}
