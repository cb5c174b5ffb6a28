// Ten thousand rows: scrolled through, sorted, filtered, with the address saying all of it.

import assert from 'node:assert/strict'
import { accessible, openPage, settled } from './browser.mjs'
import { ROWS, TABLE } from './world.mjs'

const MAX_ROWS_DRAWN = 120

export async function checkRows(browser, world) {
  const { page, end } = await openPage(browser, `${world.url}#/tables/${TABLE}/rows`)
  const frame = page.locator('.rows-frame')
  await frame.waitFor()
  assert.ok(Number(await page.locator('table.rows').getAttribute('aria-rowcount')) > ROWS)

  const scrolled = await scrollThrough(page)
  assert.ok(scrolled.drawn <= MAX_ROWS_DRAWN, `${scrolled.drawn} rows were drawn at once`)
  assert.equal(scrolled.blank, 0, 'rows were missing while the table was scrolled')
  console.log(`rows: ${scrolled.frames} frames, the longest ${scrolled.longest.toFixed(0)} ms, ${scrolled.drawn} rows at once`)

  await chooseColumns(page)

  // Sorted by a column, the greatest first; the order is in the address, and back goes back.
  await page.getByRole('button', { name: 'updatedAt' }).click()
  await page.getByRole('button', { name: 'updatedAt' }).click()
  await page.waitForURL(/sort=-updatedAt/)
  await page.locator('th[aria-sort="descending"]').waitFor()

  await world.put(30_100, 'QUEUED', 0, null)
  await page.locator('tbody tr', { hasText: 'om-30100' }).waitFor()
  await world.put(30_100, 'CANCELLED', 0, null)
  await page.locator('tbody tr', { hasText: 'om-30100' }).locator('.pill', { hasText: 'CANCELLED' }).waitFor()

  await page.goBack()
  await page.waitForURL((url) => !url.hash.includes('sort=-'))

  // A condition is a chip; a text that is none looks for keys.
  await settled(page)
  const filter = page.getByRole('combobox', { name: 'Add a condition' })
  await filter.fill('status=CANCELLED')
  await filter.press('Enter')
  await page.waitForURL(/where=status%3DCANCELLED/)
  await page.locator('.chip').waitFor()
  await settled(page)
  await filter.fill('om-3010')
  await filter.press('Enter')
  await page.locator('.total', { hasText: /^1 row$/ }).waitFor()

  // The address alone brings the same view.
  const address = page.url()
  await page.reload()
  await page.locator('.total', { hasText: /^1 row$/ }).waitFor()
  assert.equal(page.url(), address)
  assert.equal(await page.locator('.chip').count(), 2)

  // A row that no longer suits leaves.
  await world.put(30_100, 'FAILED', 0, null)
  await page.getByText('No row is like that.').waitFor()

  await end()
}

// A column more, and the first of the others moved; both are in the address.
async function chooseColumns(page) {
  const titles = () => page.locator('thead th').allTextContents()
  const before = await titles()
  await page.getByRole('button', { name: 'Columns' }).click()
  const dialog = page.getByRole('dialog', { name: 'Columns' })
  await accessible(page, 'the choice of columns')
  await dialog.getByRole('checkbox', { name: 'source.sha256' }).check()
  await dialog.getByRole('button', { name: 'status further right' }).click()
  await dialog.getByRole('button', { name: 'Show' }).click()
  await page.waitForURL(/columns=/)
  await page.locator('thead th', { hasText: 'source.sha256' }).waitFor()
  const after = await titles()
  assert.equal(after.length, before.length + 1)
  assert.equal(after[1], before[2])
  assert.equal(after[2], before[1])
  await page.goBack()
  await page.waitForURL((url) => !url.hash.includes('columns='))
  await page.locator('thead th', { hasText: 'source.sha256' }).waitFor({ state: 'detached' })
}

// A screen further with each frame, to the end.
function scrollThrough(page) {
  return page.evaluate(async () => {
    const frame = document.querySelector('.rows-frame')
    const next = () => new Promise((done) => requestAnimationFrame(done))
    const result = { frames: 0, longest: 0, drawn: 0, blank: 0 }
    let before = performance.now()
    while (frame.scrollTop + frame.clientHeight < frame.scrollHeight - 1) {
      frame.scrollTop += frame.clientHeight * 3
      await next()
      await next()
      const now = performance.now()
      result.longest = Math.max(result.longest, now - before)
      before = now
      result.frames += 2
      const rows = frame.querySelectorAll('tbody:not(.spacer) tr')
      result.drawn = Math.max(result.drawn, rows.length)
      const middle = frame.getBoundingClientRect()
      const at = document.elementFromPoint(middle.left + 40, middle.top + middle.height / 2)
      if (!at?.closest('tbody:not(.spacer) tr')) result.blank += 1
    }
    return result
  })
}
