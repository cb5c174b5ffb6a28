// Files are dropped on the page, and it says what they would change.

import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { accessible, openPage, screenshot } from './browser.mjs'

const EXAMPLES = fileURLToPath(new URL('../../../examples/downloads/', import.meta.url))
const NEW_TOPIC = 'orders-of-the-day 3 1 order.avsc false delete true retention.ms=7d\n'
const ORDER = '{"type":"record","name":"day.Order","fields":[{"name":"id","type":"string"}]}'

export async function checkPlan(browser, world) {
  const { page, end } = await openPage(browser, `${world.url}#/plan`)
  const choose = (files) => page.locator('#plan-files').setInputFiles(files)
  await choose([
    { name: 'topics_and_schemas.txt', mimeType: 'text/plain', buffer: Buffer.from(NEW_TOPIC) },
    { name: 'order.avsc', mimeType: 'application/json', buffer: Buffer.from(ORDER) },
  ])
  await page.locator('.actions li').first().waitFor()
  await screenshot(page, 'plan-changes')
  await accessible(page, 'a plan')
  if (process.env.OMASHU_URL) {
    await page.locator('.actions li', { hasText: 'orders-of-the-day-value' }).waitFor()
    await page.locator('.actions li', { hasText: 'topic orders-of-the-day' }).waitFor()
    await choose(['topics_and_schemas.txt', 'status-download.avsc', 'status-download-key.avsc', 'download-source.avsc', 'download-request.avsc'].map((name) => EXAMPLES + name))
    await page.getByText('No change: the cluster is as the file says.').waitFor()
    await choose([{ name: 'topics_and_schemas.txt', mimeType: 'text/plain', buffer: Buffer.from('broken three\n') }])
    await page.locator('.mistakes li').first().waitFor()
    assert.match(await page.locator('.mistakes .place').first().textContent(), /topics_and_schemas\.txt:1:/)
  }
  await end()
}
