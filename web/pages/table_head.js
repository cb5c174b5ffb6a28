// The head of the pages of one table.

import { link } from '../model/route.js'
import { pageHead, tabBar } from '../view/page.js'

export function tableHead(table, current, freshness, actions = []) {
  const tab = (text, segments) => ({ text, href: link(['tables', table, ...segments]), isCurrent: text === current })
  return pageHead({
    title: table,
    trail: [{ text: 'Tables', href: '#/' }],
    pill: freshness?.element,
    actions,
    tabs: tabBar('Views of the table', [tab('Board', []), tab('Rows', ['rows']), tab('About', ['about'])]),
  })
}
