// The head of the pages of one topic.

import { link } from '../model/route.js'
import { pageHead, tabBar } from '../view/page.js'

export function topicHead(topic, current, { pill, actions } = {}) {
  const tab = (text, segments) => ({ text, href: link(['topics', topic, ...segments]), isCurrent: text === current })
  return pageHead({
    title: topic,
    trail: [{ text: 'Topics', href: '#/topics' }],
    pill,
    actions,
    tabs: tabBar('Views of the topic', [tab('Overview', []), tab('Records', ['records'])]),
  })
}
