// One operation: what it takes, what it answers, and a form that asks it.

import { h, replace } from '../view/dom.js'
import { schemaText } from './schema.js'

// Answers are shown as far as a page can.
const MAX_SHOWN = 100_000

function parameterRows(parameters) {
  return h(
    'table',
    {},
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Parameter'), h('th', { scope: 'col' }, 'In'), h('th', { scope: 'col' }, 'What'))),
    h(
      'tbody',
      {},
      parameters.map((parameter) =>
        h(
          'tr',
          {},
          h('td', {}, h('code', {}, parameter.name), parameter.required && h('span', { class: 'muted' }, ' required')),
          h('td', {}, parameter.in),
          h('td', {}, parameter.description, h('div', { class: 'muted' }, schemaText(parameter.schema))),
        ),
      ),
    ),
  )
}

function contentText(content) {
  return Object.entries(content ?? {}).map(([type, { schema }]) => h('div', {}, h('code', {}, type), ' ', h('pre', { tabindex: '0' }, schemaText(schema ?? {}))))
}

// Problems are all of one form: they are told in a line each.
function responseRows(responses) {
  return h(
    'dl',
    {},
    Object.entries(responses).map(([status, response]) => [
      h('dt', {}, status),
      h('dd', {}, response.description, response.content?.['application/problem+json'] ? '' : contentText(response.content)),
    ]),
  )
}

// The address that the form's values make.
export function addressOf(operation, values) {
  let path = operation.path
  const query = []
  for (const parameter of operation.parameters ?? []) {
    const value = values[parameter.name] ?? ''
    if (parameter.in === 'path') path = path.replace(`{${parameter.name}}`, encodeURIComponent(value))
    if (parameter.in !== 'query' || value === '') continue
    for (const one of parameter.schema.type === 'array' ? value.split('\n') : [value]) {
      query.push(`${encodeURIComponent(parameter.name)}=${encodeURIComponent(one)}`)
    }
  }
  return path.replace(/^\//, '') + (query.length === 0 ? '' : `?${query.join('&')}`)
}

async function ask(operation, form, output) {
  const address = addressOf(operation, Object.fromEntries(new FormData(form)))
  replace(output, 'Asking…')
  try {
    const answer = await fetch(address)
    const text = await answer.text()
    replace(output, `${answer.status} ${address}\n\n${text.slice(0, MAX_SHOWN)}`)
  } catch (error) {
    replace(output, `No answer came: ${error.message}`)
  }
}

function tryForm(operation) {
  const output = h('pre', { class: 'answer', tabindex: '0', 'aria-live': 'polite' })
  const inputs = (operation.parameters ?? [])
    .filter((parameter) => parameter.in !== 'header')
    .map((parameter) => {
      const properties = { name: parameter.name, required: parameter.required }
      const input = parameter.schema.type === 'array' ? h('textarea', { ...properties, rows: '1' }) : h('input', { ...properties, autocomplete: 'off' })
      return h('label', {}, h('span', {}, parameter.name), input)
    })
  const submit = (event) => {
    event.preventDefault()
    ask(operation, event.currentTarget, output)
  }
  return [h('form', { on: { submit } }, inputs, h('button', { type: 'submit' }, 'Ask')), output]
}

export function operationView(operation) {
  const isStream = Object.values(operation.responses).some((response) => response.content?.['text/event-stream'])
  return h(
    'details',
    { id: operation.operationId },
    h('summary', {}, h('span', { class: `method ${operation.method}` }, operation.method.toUpperCase()), ' ', h('code', {}, operation.path), ' ', h('span', { class: 'muted' }, operation.summary)),
    operation.description && h('p', {}, operation.description),
    operation.parameters && parameterRows(operation.parameters),
    operation.requestBody && [h('h3', {}, 'Body'), contentText(operation.requestBody.content)],
    h('h3', {}, 'Answers'),
    responseRows(operation.responses),
    operation.method === 'get' && !isStream && [h('h3', {}, 'Try it'), tryForm(operation)],
  )
}
