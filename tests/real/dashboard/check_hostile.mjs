// Names and values that would like to be markup are text, and nothing but text.

import assert from 'node:assert/strict'
import { openPage, screenshot, settled } from './browser.mjs'
import { FakeService, FakeTable } from './fake_service.mjs'

const TEXTS = [
  '<img src=x onerror="window.broken=1">',
  '<script>window.broken=1</script>',
  '"><svg onload=window.broken=1>',
  'javascript:window.broken=1',
  '{{constructor.constructor("window.broken=1")()}}',
  '\u202Egnp.exe\u202C',
  '</textarea></title></style><iframe src=javascript:window.broken=1>',
  '../../../etc/passwd?#&%2F%00',
  'x'.repeat(20_000),
  '',
]

function hostileTable() {
  const fields = [
    { name: 'status', type: { type: 'enum', name: 'Status', symbols: ['RUNNING', 'FAILED'] } },
    { name: 'reason', type: ['null', 'string'], doc: TEXTS[0] },
    { name: 'url', type: 'string' },
    { name: 'done', type: 'long' },
    { name: 'total', type: 'long' },
  ]
  const table = new FakeTable({ name: TEXTS[0], keySchema: 'string', valueSchema: { type: 'record', name: 'R', doc: TEXTS[1], fields } })
  TEXTS.forEach((text, index) => {
    const value = { status: index % 2 ? 'RUNNING' : 'FAILED', reason: text, url: text, done: index, total: 10, [text]: { [text]: [text] } }
    Object.defineProperty(value, '__proto__', { value: { x: text }, enumerable: true })
    table.put(text || 'empty', value)
    table.put(text || 'empty', { ...value, reason: `${text} ${text}` })
  })
  return table
}

export async function checkHostile(browser) {
  const service = new FakeService([hostileTable()])
  const url = await service.listen()
  const name = encodeURIComponent(TEXTS[0])
  const { page, end } = await openPage(browser, url, { width: 900, allowed: /status of (404|500)/ })
  const pages = ['#/', `#/tables/${name}`, `#/tables/${name}/rows`, `#/tables/${name}/about`, `#/topics/${name}`, `#/schemas/${name}`, `#/tables/${name}/rows?where=${name}&sort=${name}&columns=${name}`]
  for (const text of TEXTS.filter(({ length }) => length < 1000)) pages.push(`#/tables/${name}/rows/${encodeURIComponent(text || 'empty')}`)
  for (const hash of pages) {
    await page.evaluate((to) => (location.hash = to), hash)
    await settled(page)
    await page.waitForTimeout(300)
    const seen = await page.evaluate(() => ({
      broken: window.broken ?? null,
      polluted: {}.x ?? null,
      elements: [...document.querySelectorAll('img, script, iframe, object, embed, [onerror], [onload]')].map((one) => one.outerHTML),
      links: [...document.querySelectorAll('a')].map((one) => one.getAttribute('href')).filter((href) => /^\s*(javascript|data|vbscript):/i.test(href)),
      turned: /[\u202A-\u202E]/.test(document.querySelector('main').textContent),
      isWide: document.documentElement.scrollWidth > innerWidth,
    }))
    assert.equal(seen.broken, null, hash)
    assert.equal(seen.polluted, null, hash)
    assert.equal(seen.turned, false, hash)
    assert.deepEqual(seen.elements.filter((html) => !/^<script (src="web\/|type="module" src="web\/)/.test(html)), [], hash)
    assert.deepEqual(seen.links, [], hash)
    assert.equal(seen.isWide, false, `${hash.slice(0, 80)} is wider than the window`)
  }
  await page.evaluate((to) => (location.hash = to), `#/tables/${name}`)
  await settled(page)
  await screenshot(page, 'hostile-board')
  await end()
  await service.stop()
}
