// What a topics_and_schemas.txt would change in this cluster. The files stay here and on the server's desk: nothing is
// applied.

import { makePlan } from '../api/cluster.js'
import { plural } from '../model/format.js'
import { announce } from '../view/announce.js'
import { h, replace, setClass } from '../view/dom.js'
import { pageHead, section } from '../view/page.js'
import { empty, failure, loading } from '../view/states.js'
import { collectFiles } from './dropped_files.js'
import { planAction } from './plan_action.js'

export function planPage({ signal }) {
  const result = h('div')
  const chosen = h('input', { type: 'file', multiple: true, accept: '.txt,.avsc', id: 'plan-files', class: 'visually-hidden' })
  const drop = h(
    'div',
    { class: 'drop' },
    h('p', { class: 'state-title' }, 'Drop topics_and_schemas.txt here, with its .avsc files'),
    h('p', { class: 'state-more' }, 'or the whole folder. What would change is shown; nothing is applied.'),
    chosen,
    h('label', { class: 'button primary', htmlFor: 'plan-files' }, 'Choose files')
  )
  const element = h('div', { class: 'page' }, pageHead({ title: 'Plan' }), drop, result)
  let files = {}

  drop.addEventListener('dragover', (event) => {
    event.preventDefault()
    setClass(drop, 'over', true)
  })
  drop.addEventListener('dragleave', () => setClass(drop, 'over', false))
  drop.addEventListener('drop', async (event) => {
    event.preventDefault()
    setClass(drop, 'over', false)
    await take(() => collectFiles(event.dataTransfer))
  })
  chosen.addEventListener('change', () => take(() => collectFiles({ files: chosen.files })))

  async function take(collect) {
    try {
      files = await collect()
      await plan()
    } catch (error) {
      replace(result, failure({ title: 'The files cannot be read', message: error.message }))
    }
  }

  async function plan() {
    replace(result, loading('Planning'))
    try {
      const answer = await makePlan(files, signal)
      replace(result, show(answer, plan))
      announce(`${plural((answer.actions ?? []).length, 'change')} planned`)
    } catch (error) {
      if (error.name !== 'AbortError') replace(result, failure(error, plan))
    }
  }

  return { title: 'Plan', element }
}

function show(answer, again) {
  const problems = [...(answer.mistakes ?? []), ...(answer.violations ?? [])]
  const actions = answer.actions ?? []
  const { topics = 0, schemas = 0 } = answer.unchanged ?? {}
  const nothing = actions.length === 0 && problems.length === 0
  return [
    problems.length > 0 && section(`${plural(problems.length, 'problem')}: nothing would be done`, places(problems, 'bad')),
    (answer.warnings ?? []).length > 0 && section('Warnings', places(answer.warnings, 'waiting')),
    nothing && empty('No change: the cluster is as the file says.'),
    actions.length > 0 && section(plural(actions.length, 'change'), h('ul', { class: 'actions' }, actions.map(planAction))),
    (answer.notes ?? []).length > 0 && section('Notes', h('ul', { class: 'plain-list' }, answer.notes.map((note) => h('li', {}, note)))),
    h('p', { class: 'note' }, `Unchanged: ${plural(topics, 'topic')}, ${plural(schemas, 'schema')}. `, h('button', { type: 'button', class: 'link-button', on: { click: again } }, 'Plan again')),
  ]
}

function places(mistakes, tone) {
  return h('ul', { class: 'mistakes' }, mistakes.map(({ file, line, column, message }) => h('li', { class: `tone-${tone}` }, file && h('span', { class: 'mono place' }, line ? `${file}:${line}:${column}` : file), h('span', {}, message))))
}
