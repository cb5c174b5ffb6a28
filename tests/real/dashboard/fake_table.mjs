// A table in memory: rows with their history, conditions of the simple kinds, and listeners.

export class FakeTable {
  #histories = new Map()
  #listeners = new Set()
  #offset = 0
  isRestoring = false
  outage = undefined
  lagMs = 0

  constructor({ name, keySchema, valueSchema, indexes = [] }) {
    Object.assign(this, { name, keySchema, valueSchema, indexes })
  }

  get position() {
    return `${this.name}-0-${this.#offset}`
  }

  put(key, value, timestamp = new Date().toISOString()) {
    const record = { key, value, position: `${this.name}-0-${++this.#offset}`, timestamp }
    const text = JSON.stringify(key)
    if (!this.#histories.has(text)) this.#histories.set(text, [])
    this.#histories.get(text).push(record)
    for (const listener of this.#listeners) listener(record)
  }

  onChange(listener) {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  rows() {
    return [...this.#histories.values()].map((history) => history.at(-1)).filter((row) => row.value !== null)
  }

  // The text of a key: JSON, or the one field of a record.
  historyOf(text) {
    for (const history of this.#histories.values()) {
      const { key } = history[0]
      const only = key !== null && typeof key === 'object' && Object.values(key).length === 1 ? Object.values(key)[0] : key
      if (JSON.stringify(key) === text || String(only) === text) return history
    }
    return undefined
  }

  summary() {
    const restore = this.isRestoring ? { restored: 430_000, toRestore: 1_000_000 } : {}
    return { name: this.name, rows: this.rows().length, indexes: this.indexes, isRestoring: this.isRestoring, ...restore, position: this.position, lagMs: this.lagMs, outage: this.outage, unreadable: 1, duplicates: 0, impossibleTransitions: 1 }
  }

  description() {
    return {
      ...this.summary(),
      keySchema: this.keySchema,
      valueSchema: this.valueSchema,
      partitions: [{ partition: 0, nextOffset: this.#offset + 1, endOffset: this.#offset + 1 }],
      lastUnreadable: [{ position: `${this.name}-0-3`, timestamp: '2026-11-30T08:00:00Z', problem: 'schema id 77 is not known to the registry' }],
      lastImpossibleTransitions: [{ key: { omashuId: 'om-1' }, position: `${this.name}-0-2`, timestamp: '2026-11-30T08:00:00Z', field: 'status', from: null, to: 'COMPLETED' }],
      memoryBytes: 12_345_678,
      diskBytes: 45_678_901,
    }
  }

  page(query) {
    let rows = this.rows().filter((row) => suits(row, query.getAll('where')))
    const sort = query.get('sort')
    if (sort) {
      const path = sort.replace(/^-/, '')
      const order = sort.startsWith('-') ? -1 : 1
      rows = rows.sort((a, b) => order * (field(a, path) < field(b, path) ? -1 : 1))
    }
    const begin = Number(query.get('cursor') ?? 0)
    const limit = Number(query.get('limit') ?? 100)
    const more = begin + limit < rows.length ? { cursor: String(begin + limit) } : {}
    return { rows: rows.slice(begin, begin + limit), ...more }
  }

  count(query) {
    const rows = this.rows().filter((row) => suits(row, query.getAll('where')))
    const by = query.get('by')
    if (!by) return { count: rows.length }
    const counts = new Map()
    for (const row of rows) counts.set(field(row, by), (counts.get(field(row, by)) ?? 0) + 1)
    return { count: rows.length, groups: [...counts].map(([value, count]) => ({ by: { [by]: value }, count })).sort((a, b) => b.count - a.count) }
  }
}

function field(row, path) {
  const steps = path.split('.')
  let at = steps[0] === 'key' ? row.key : row.value
  for (const step of steps[0] === 'key' ? steps.slice(1) : steps) at = at?.[step]
  return at
}

const CONDITION = /^([\w.]+)\s*(=|!=|>=|<=|>|<|~|in|is null|is not null)\s*(.*)$/

export function suits(row, where) {
  return where.every((text) => {
    const [, path, operator, operand] = CONDITION.exec(text) ?? []
    const value = field(row, path)
    const number = Number(operand)
    switch (operator) {
      case '=': return String(value) === operand
      case '!=': return String(value) !== operand
      case '>': return value > number
      case '<': return value < number
      case 'in': return operand.slice(1, -1).split(',').map((one) => one.trim()).includes(String(value))
      case '~': return new RegExp(operand.replace('(?i)', ''), 'i').test(typeof value === 'object' ? JSON.stringify(value) : String(value))
      default: return true
    }
  })
}
