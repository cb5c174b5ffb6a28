// Which fields of a table say how its jobs are: state, progress, total, times and reason. The topic's file may say so
// (`board=status,bytesSoFar,bytesTotal,updatedAt,reason`); what it leaves open is guessed from names and types.

import { isNumeric, isTime } from './schema_fields.js'

const ROLES = ['status', 'progress', 'total', 'updated', 'reason']

const lastName = (field) => field.path.slice(field.path.lastIndexOf('.') + 1).toLowerCase()

// {status, progress, total, updated, started, reason, label}: fields, where there is one.
export function boardFields(fields, said = []) {
  const byPath = new Map(fields.map((field) => [field.path, field]))
  const guessed = {
    status: statusOf(fields),
    ...amountsOf(fields),
    ...timesOf(fields),
    reason: firstNamed(fields.filter(isText), [/^reason$/, /reason|error|failure|fault|cause/, /message|detail/]),
    label: firstNamed(fields.filter(isText), [/^(file_?name|title)$/, /^(url|uri|path|file|name)$/, /name|url|title/]),
  }
  said.forEach((path, index) => {
    const field = byPath.get(path)
    if (field && ROLES[index]) guessed[ROLES[index]] = field
  })
  return guessed
}

function isText(field) {
  return field.type === 'string' && !field.logicalType
}

function firstNamed(fields, patterns) {
  for (const pattern of patterns) {
    const found = fields.find((field) => pattern.test(lastName(field)))
    if (found) return found
  }
  return undefined
}

function statusOf(fields) {
  const enums = fields.filter((field) => field.type === 'enum')
  return firstNamed(enums, [/^(status|state)$/, /(status|state|phase|stage)$/]) ?? (enums.length === 1 ? enums[0] : undefined)
}

// A number that has a partner: bytesSoFar and bytesTotal, done and total, percent alone.
function amountsOf(fields) {
  const numbers = fields.filter(isNumeric)
  const totals = numbers.filter((field) => /total|expected|max/.test(lastName(field)))
  for (const total of totals) {
    const stem = lastName(total).replace(/_?(total|expected|max)_?/, '')
    const others = numbers.filter((field) => field !== total && !totals.includes(field))
    const partner =
      firstNamed(others, [/sofar|done|current|processed|completed|received|transferred|finished/].map(withStem(stem))) ??
      firstNamed(others, stem === '' ? [/sofar|done|current|processed|completed|count/] : [new RegExp(`^${stem}s?$`)])
    if (partner) return { progress: partner, total }
  }
  return { progress: firstNamed(numbers, [/^(percent|progress)/]), total: undefined }
}

function withStem(stem) {
  return (pattern) => (stem === '' ? pattern : new RegExp(`^(?=.*${stem}).*(?:${pattern.source})`))
}

function timesOf(fields) {
  const times = fields.filter(isTime)
  const started = firstNamed(times, [/^start/, /start|begin|began/, /request|creat|submit|queue/])
  const updated = firstNamed(times, [/updat|modif|chang/, /last/]) ?? times.find((field) => field !== started)
  return { updated, started }
}

const TONES = [
  ['bad', /fail|error|reject|dead|broken|abort|lost|timed?_?out|expired/i],
  ['off', /cancel|skip|inactive|disabl|archiv|ignored|deleted/i],
  ['good', /(?<!in)complet|done|succe|finish|ready|ok$|healthy|deliver|paid/i],
  ['waiting', /queue|pend|wait|new|creat|sched|submit|request|accepted|paus|hold/i],
  ['active', /run|progress|process|start|work|transfer|download|upload|retry|copy|exec|active/i],
]

// What a state means to the reader: bad, off, good, waiting, active, or plain where its name does not say.
export function toneOf(state) {
  return TONES.find(([, pattern]) => pattern.test(String(state)))?.[0] ?? 'plain'
}
