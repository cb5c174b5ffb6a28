// What is stale looks stale: a table that is being restored, one that is behind, a server that is gone.

import assert from 'node:assert/strict'
import { accessible, openPage, screenshot, settled } from './browser.mjs'
import { downloadsTable, fill, put } from './fake_data.mjs'
import { FakeService } from './fake_service.mjs'

export async function checkStale(browser) {
  const table = downloadsTable()
  fill(table, 200)
  put(table, 500, 'RUNNING', 4_000_000, 9_000_000)
  table.isRestoring = true
  let service = new FakeService([table])
  const url = await service.listen()
  const port = Number(new URL(url).port)
  const { page, end } = await openPage(browser, `${url}#/tables/${table.name}`, { allowed: /ERR_CONNECTION|ERR_EMPTY|ERR_INCOMPLETE|503/ })
  const pill = page.locator('.freshness')
  // Restored while somebody waits for it.
  await page.getByRole('progressbar', { name: 'Restored' }).waitFor()
  await page.getByText('430,000 of 1,000,000 records').waitFor()
  await accessible(page, 'a table that is being restored')
  await screenshot(page, 'restoring-board')
  table.isRestoring = false
  await page.locator('.count-card').first().waitFor()
  await settled(page)
  await page.locator('.freshness[data-state=live]').waitFor()

  table.isRestoring = true
  await pill.filter({ hasText: 'restoring, 43 %' }).waitFor()
  table.isRestoring = false
  table.lagMs = 65_000
  await pill.filter({ hasText: '1 min 5 s behind' }).waitFor()
  await page.locator('.board.stale').waitFor()
  table.lagMs = 0
  await page.locator('.freshness[data-state=live]').waitFor()
  await page.locator('.board.stale').waitFor({ state: 'detached' })

  await service.stop()
  await page.locator('.freshness[data-state=lost]').waitFor()
  await page.locator('.board.stale').waitFor()
  await page.locator('#announcements', { hasText: 'Connection lost' }).waitFor()
  assert.equal(await page.locator('.job').count(), 1, 'what was known stays')
  await screenshot(page, 'stale-board')
  await accessible(page, 'a board without its server')

  service = new FakeService([table])
  await service.listen(port)
  await page.locator('.freshness[data-state=live]').waitFor()
  put(table, 501, 'RUNNING', 1, 9)
  await page.locator('.job', { hasText: 'om-501' }).waitFor()
  await end()
  await withoutStreams(browser, service, url, table)
  await service.stop()
}

// Where something between refuses event streams, the rows are asked for, and changes are seen all the same.
async function withoutStreams(browser, service, url, table) {
  service.refusesStreams = true
  const { page, end } = await openPage(browser, `${url}#/tables/${table.name}/rows?where=status%3DRUNNING`, { allowed: /status of 403/ })
  await page.locator('tbody tr', { hasText: 'om-501' }).waitFor()
  await page.locator('.freshness[data-state=live]').waitFor()
  put(table, 502, 'RUNNING', 1, 9)
  await page.locator('tbody tr', { hasText: 'om-502' }).waitFor()
  put(table, 501, 'COMPLETED', 9, 9)
  await page.locator('tbody tr', { hasText: 'om-501' }).waitFor({ state: 'detached' })
  await end()
}
