// Every page, at three widths, light and dark: it fits, it is accessible, and it looks as the screenshots show. axe is asked
// at each width and of each of the colours, not of all six together.

import assert from 'node:assert/strict'
import { accessProblems, openPage, screenshot, settled } from './browser.mjs'
import { TABLE } from './world.mjs'

const PAGES = {
  tables: '#/',
  board: `#/tables/${TABLE}`,
  rows: `#/tables/${TABLE}/rows`,
  'rows-filtered': `#/tables/${TABLE}/rows?where=status%3DFAILED&sort=-updatedAt`,
  row: `#/tables/${TABLE}/rows/om-7`,
  'row-missing': `#/tables/${TABLE}/rows/nobody`,
  about: `#/tables/${TABLE}/about`,
  topics: '#/topics?all=1',
  topic: `#/topics/${TABLE}`,
  records: `#/topics/${TABLE}/records`,
  groups: '#/groups',
  schemas: '#/schemas',
  schema: `#/schemas/${TABLE}-value`,
  plan: '#/plan',
  nothing: '#/nowhere',
}
const VIEWS = [
  { width: 360, height: 740, scheme: 'light', asksAxe: true },
  { width: 360, height: 740, scheme: 'dark' },
  { width: 768, height: 900, scheme: 'light' },
  { width: 768, height: 900, scheme: 'dark', asksAxe: true },
  { width: 1280, height: 800, scheme: 'light', asksAxe: true },
  { width: 1280, height: 800, scheme: 'dark', asksAxe: true },
]

export async function checkPages(browser, world) {
  const problems = []
  for (const [round, view] of VIEWS.entries()) {
    // Something runs while the pictures are taken.
    for (let i = 0; i < 5; ++i) await world.put(20_000 + i, 'RUNNING', 3_000_000 * (i + 1) + 2_000_000 * round, i === 3 ? null : 40_000_000)

    // A row that is not there is a 404, which browsers tell on the console.
    const opened = await openPage(browser, world.url, { ...view, allowed: /404|nobody/ })
    for (const [name, hash] of Object.entries(PAGES)) {
      const what = `${name}-${view.width}-${view.scheme}`
      await opened.page.evaluate((to) => (location.hash = to), hash)
      await settled(opened.page)
      await opened.page.waitForTimeout(400) // what is drawn after a moment: counts, the rows of a watch
      await screenshot(opened.page, what)
      const [wide, seen] = await opened.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
      if (wide > seen) problems.push(`${what} is ${wide} pixels wide and ${seen} are there`)
      for (const problem of view.asksAxe ? await accessProblems(opened.page) : []) problems.push(`${what}: ${problem}`)
    }
    await opened.end()
  }
  assert.deepEqual(problems, [])
}
