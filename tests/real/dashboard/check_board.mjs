// The board follows what is written: counts, what runs, what failed.

import assert from 'node:assert/strict'
import { openPage, settled } from './browser.mjs'
import { TABLE } from './world.mjs'

export async function checkBoard(browser, world) {
  const { page, end } = await openPage(browser, `${world.url}#/tables/${TABLE}`)
  await settled(page)
  const failed = page.locator('.count-card.tone-bad .count-number')
  await page.waitForFunction(() => document.querySelector('.count-card.tone-bad .count-number')?.textContent !== '')
  await page.locator('.failures .failure').first().waitFor()
  const before = Number((await failed.textContent()).replaceAll(',', ''))

  await world.put(30_001, 'RUNNING', 10_000_000, 40_000_000)
  const written = Date.now()
  const job = page.locator('.job', { hasText: 'om-30001' })
  await job.waitFor()
  console.log(`a change was seen ${Date.now() - written} ms after it was written`)
  assert.equal(await job.locator('.job-percent').textContent(), '25 %')
  assert.equal(await job.locator('.bar').getAttribute('aria-valuenow'), '25')

  await world.put(30_001, 'RUNNING', 20_000_000, 40_000_000)
  await job.locator('.job-percent', { hasText: '50 %' }).waitFor()
  assert.match(await job.locator('.job-rate').textContent(), /B\/s$/)
  assert.match(await job.locator('.job-left').textContent(), / left$/)

  await world.put(30_001, 'FAILED', 20_000_000, 40_000_000, { reason: 'the plug was pulled' })
  const failure = page.locator('.failure', { hasText: 'om-30001' })
  await failure.waitFor()
  assert.equal(await failure.locator('.failure-reason').textContent(), 'the plug was pulled')
  await page.waitForFunction(
    (count) => Number(document.querySelector('.count-card.tone-bad .count-number').textContent.replaceAll(',', '')) === count,
    before + 1,
  )
  await job.waitFor({ state: 'detached' })

  // A screen reader hears of the failure.
  await page.locator('#announcements', { hasText: '1 more FAILED' }).waitFor()

  await page.locator('.count-card.tone-bad').click()
  await settled(page)
  assert.match(page.url(), /rows\?where=status%3DFAILED$/)
  await end()
}
