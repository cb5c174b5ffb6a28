// The record browser: where it begins, what it finds, one record with all there is to it, and links to it.

import assert from 'node:assert/strict'
import { accessible, openPage, screenshot, settled } from './browser.mjs'
import { TABLE } from './world.mjs'

export async function checkRecords(browser, world) {
  await world.put(50_000, 'RUNNING', 1_000_000, 9_000_000)
  // A condition that the schema does not have is a 400.
  const { page, end } = await openPage(browser, `${world.url}#/topics/${TABLE}`, { allowed: /status of 400/ })
  await settled(page)
  await page.getByRole('link', { name: 'Records' }).click()
  await settled(page)
  const rows = page.locator('table.rows tbody:not(.spacer) tr')
  await rows.first().waitFor()

  // With the keyboard: the first record, and its detail.
  await page.keyboard.press('t')
  await page.keyboard.press('Enter')
  await page.waitForURL(/open=\d+-\d+/)
  const detail = page.getByRole('complementary', { name: 'The record' })
  await detail.getByText('omashuId').first().waitFor()
  await detail.getByText(/schema id \d+/).first().waitFor()
  await accessible(page, 'an open record')
  const [table, frame] = await page.evaluate(() => ['table.rows', '.rows-frame'].map((one) => document.querySelector(one).clientWidth))
  assert.equal(table, frame, 'the table is as wide as what is left beside the record')
  await screenshot(page, 'record-open')
  const address = page.url()
  await page.reload()
  await detail.getByText('omashuId').first().waitFor()
  assert.equal(page.url(), address)
  await page.getByRole('button', { name: 'Close the record' }).click()
  await detail.waitFor({ state: 'hidden' })

  // More come as the reader scrolls.
  await page.getByRole('combobox', { name: 'Begin' }).selectOption('beginning')
  await page.waitForURL(/from=beginning/)
  await settled(page)
  await rows.first().waitFor()
  if (process.env.OMASHU_URL) await onTheRealLog(page)
  await end()
}

async function onTheRealLog(page) {
  const count = async () => Number(await page.locator('table.rows').getAttribute('aria-rowcount'))
  const first = await count()
  await page.locator('.rows-frame').evaluate((frame) => (frame.scrollTop = frame.scrollHeight))
  await page.waitForFunction((before) => Number(document.querySelector('table.rows').getAttribute('aria-rowcount')) > before, first)

  const filter = page.getByRole('combobox', { name: 'Add a condition' }).or(page.getByRole('textbox', { name: 'Add a condition' }))
  await filter.fill('status=FAILED')
  await filter.press('Enter')
  await page.waitForURL(/where=status%3DFAILED/)
  await settled(page)
  // The rows of before are shown until the answer is there.
  await page.waitForFunction(() => {
    const shown = [...document.querySelectorAll('table.rows tbody:not(.spacer) tr')]
    return shown.length > 0 && shown.every((row) => row.textContent.includes('"status":"FAILED"'))
  })

  // What is no condition of this schema is told at the field.
  await filter.fill('stattus=FAILED')
  await filter.press('Enter')
  await page.getByRole('alert').filter({ hasText: 'did you mean status?' }).first().waitFor()
  await page.getByRole('button', { name: 'Remove stattus=FAILED' }).click()

  // From a row of the table to the record that it comes from.
  await page.evaluate((to) => (location.hash = to), `#/tables/${TABLE}/rows/om-50000`)
  await settled(page)
  await page.getByRole('link', { name: /^status-download-\d+-\d+$/ }).click()
  await page.waitForURL(/records\?partition=\d+&from=\d+/)
  await page.getByRole('complementary', { name: 'The record' }).getByText('om-50000').first().waitFor()
}
