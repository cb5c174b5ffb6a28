// Conditions, as --where has them: a path, an operator, an operand. The server judges them; the page takes them apart to
// show them, and puts them together.

import { parsePath } from './path.js'

export const OPERATORS = ['=', '!=', '<', '<=', '>', '>=', '~', 'in', 'is null', 'is not null']

const PATH = /^\s*((?:[^.[\]"\s=!<>~]+|\["(?:[^"\\]|\\.)*"\]|\[\d+\]|\.)+)\s*/
const OPERATOR = /^(!=|<=|>=|=|<|>|~|is\s+not\s+null\s*$|is\s+null\s*$|in(?=\s*\())\s*/

// {field, operator, operand}; null where the text is none.
export function parseCondition(text) {
  const path = PATH.exec(text)
  if (!path || !parsePath(path[1])) return null
  const rest = text.slice(path[0].length)
  const match = OPERATOR.exec(rest)
  if (!match) return null
  const operator = match[1].trim().replace(/\s+/g, ' ')
  let operand = rest.slice(match[0].length).trim()
  if (operator === 'in') {
    if (!operand.startsWith('(') || !operand.endsWith(')')) return null
    operand = operand.slice(1, -1).trim()
  }
  return { field: path[1], operator, operand }
}

export function conditionText({ field, operator, operand = '' }) {
  if (operator.startsWith('is ')) return `${field} ${operator}`
  if (operator === 'in') return `${field} in (${operand})`
  return operator === '=' ? `${field}=${operand}` : `${field} ${operator} ${operand}`
}

// A value of a row as an operand that finds it again.
export function operandOf(value) {
  if (value === null || value === undefined) return 'null'
  if (typeof value !== 'string') return String(value)
  return value === '' || value === 'null' || value.trim() !== value || value.startsWith('"') ? JSON.stringify(value) : value
}

// A regular expression that finds the text as it stands, in either case.
export function containing(text) {
  return `(?i)${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`
}

// One member of `in (…)`.
export function memberOf(value) {
  const text = String(value)
  return /^[\w.:-]+$/.test(text) ? text : JSON.stringify(text)
}
