// Checks of the dashboard in a browser: `node main.mjs CHECK…`, each a name of the list. Ends with 0 where all is as it
// should be, else says what is not.

import { withBrowser } from './browser.mjs'
import { checkBoard } from './check_board.mjs'
import { checkHostile } from './check_hostile.mjs'
import { checkKeyboard } from './check_keyboard.mjs'
import { checkPages } from './check_pages.mjs'
import { checkPlan } from './check_plan.mjs'
import { checkRecords } from './check_records.mjs'
import { checkRows } from './check_rows.mjs'
import { checkStale } from './check_stale.mjs'
import { openWorld } from './world.mjs'

// On the service of OMASHU_URL where there is one; hostile and stale are always on the fake one.
const CHECKS = { pages: checkPages, board: checkBoard, rows: checkRows, keyboard: checkKeyboard, records: checkRecords, plan: checkPlan, hostile: checkHostile, stale: checkStale }
const OWN_WORLD = new Set(['hostile', 'stale'])

async function run(name) {
  const check = CHECKS[name]
  if (!check) throw new Error(`no check ${name}; there are ${Object.keys(CHECKS).join(', ')}`)
  if (OWN_WORLD.has(name)) return withBrowser(check)
  const world = await openWorld()
  try {
    return await withBrowser((browser) => check(browser, world))
  } finally {
    await world.stop()
  }
}

for (const name of process.argv.slice(2)) {
  try {
    await run(name)
    console.log(`${name}: as it should be`)
  } catch (error) {
    console.error(`${name}: ${error.stack}`)
    process.exitCode = 1
  }
}
// A service whose check failed may still be listening.
process.exit()
