// Chromium with one page, which is watched: every complaint of it fails the check, and so does a request to elsewhere.

import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import assert from 'node:assert/strict'

const require = createRequire(join(process.env.DASHBOARD_MODULES, 'package.json'))
const { chromium } = require('playwright-core')
const { source: axe } = require('axe-core')

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const DEADLINE_MS = 15_000

export async function withBrowser(use) {
  const browser = await chromium.launch({ executablePath: process.env.DASHBOARD_CHROMIUM ?? '/usr/bin/chromium-headless-shell', args: FLAGS })
  try {
    await use(browser)
  } finally {
    await browser.close()
  }
}

// options: width, height, scheme. `allowed` is a pattern of complaints that the check means to provoke.
export async function openPage(browser, url, { width = 1280, height = 800, scheme = 'light', allowed = null } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, permissions: ['clipboard-read', 'clipboard-write'] })
  const page = await context.newPage()
  page.setDefaultTimeout(DEADLINE_MS)
  const complaints = []
  const origin = new URL(url).origin
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${message.text()} (${message.location().url})`.slice(0, 400))
  })
  page.on('pageerror', (error) => complaints.push(String(error.stack)))
  page.on('dialog', (dialog) => complaints.push(`a dialog: ${dialog.message()}`))
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) complaints.push(`a request to ${request.url()}`)
  })
  await page.goto(url)
  return {
    page,
    complaints,
    async end() {
      await context.close()
      const bad = complaints.filter((text) => !allowed?.test(text))
      assert.deepEqual(bad, [], 'the page complained')
    },
  }
}

// Until nothing on the page is loading any more.
export async function settled(page) {
  try {
    await page.waitForFunction(() => document.querySelector('main h1') && !document.querySelector('main .loading'))
  } catch (error) {
    throw new Error(`${page.url()} is still loading: ${await page.locator('main').innerText()}`, { cause: error })
  }
}

export async function accessible(page, what) {
  assert.deepEqual(await accessProblems(page), [], `accessibility of ${what}`)
}

export async function accessProblems(page) {
  await page.evaluate(axe)
  const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }))
  return found.violations.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.slice(0, 4).map((node) => `${node.html}\n    ${node.failureSummary}`).join('\n  ')}`)
}

export async function screenshot(page, name) {
  const folder = process.env.DASHBOARD_SCREENSHOTS
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}
