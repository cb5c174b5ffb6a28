// The main job without a mouse: find a download, read its history, go back, look through the failures.

import assert from 'node:assert/strict'
import { accessible, openPage, settled } from './browser.mjs'
import { TABLE } from './world.mjs'

export async function checkKeyboard(browser, world) {
  await world.put(40_000, 'RUNNING', 1_000_000, 9_000_000)
  await world.put(40_000, 'FAILED', 1_000_000, 9_000_000, { reason: 'no route to host' })
  // The key that is looked for and not there is a 404.
  const { page, end } = await openPage(browser, `${world.url}#/tables/${TABLE}`, { allowed: /404/ })
  await settled(page)
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() || document.activeElement?.getAttribute('aria-label') || document.activeElement?.tagName)
  const key = (name) => page.keyboard.press(name)

  await key('Tab')
  assert.equal(await focused(), 'Skip to the page')
  await key('Enter')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main')

  await key('?')
  await page.getByRole('dialog', { name: 'Keys' }).waitFor()
  await accessible(page, 'the list of keys')
  await key('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })

  await key('/')
  await page.keyboard.type('om-4000')
  await page.getByRole('option').first().waitFor()
  await accessible(page, 'the search with what it found')
  await page.keyboard.type('0')
  await page.waitForFunction(() => document.querySelectorAll('[role=option]').length === 1)
  await key('ArrowDown')
  await key('Enter')
  await page.waitForURL(/rows\/om-40000$/)
  await settled(page)
  // The heading of the new page has the focus.
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1' && document.activeElement.textContent === 'om-40000')
  await page.locator('.time-line .changes', { hasText: 'no route to host' }).first().waitFor()

  await page.goBack()
  await settled(page)
  await key('g')
  await key('t')
  await page.waitForURL(/#\/topics$/)
  await page.locator('table.rows tbody tr[tabindex="0"]').waitFor()
  await key('t')
  await key('End')
  await key('Home')
  await key('Enter')
  await page.waitForURL(/#\/topics\/.+/)

  await page.evaluate((to) => (location.hash = to), `#/tables/${TABLE}/rows?where=status%3DFAILED`)
  await page.locator('table.rows tbody tr[tabindex="0"]').waitFor()
  await key('t')
  const first = await focused()
  for (let i = 0; i < 60; ++i) await key('ArrowDown')
  assert.notEqual(await focused(), first)
  assert.ok(await page.evaluate(() => document.querySelector('.rows-frame').scrollTop > 0), 'the table follows the focus')
  const row = await page.evaluate(() => document.activeElement.querySelector('th').textContent)
  await key('Enter')
  await page.waitForURL((url) => url.hash.endsWith(`rows/${row}`))
  await end()
}
