// Tables and their rows, as the pages take them.

import { fieldsOf } from '../model/schema_fields.js'
import { boardFields } from '../model/board_fields.js'
import { jsonText, parseJson } from '../model/json.js'
import { keyText } from '../model/key.js'
import { queryText } from '../model/route.js'
import { getJson, path, send } from './client.js'

// A row with its key as one text, `id`, by which rows are told apart.
export function rowOf(row) {
  return { id: jsonText(row.key), ...row }
}

export async function listTables(signal) {
  const answer = await getJson('v1/tables', { signal })
  return answer.tables.map(tableOf)
}

export async function describeTable(table, signal) {
  return tableOf(await getJson(path('v1/tables', table), { signal }))
}

function tableOf(table) {
  const fields = table.valueSchema ? fieldsOf(table.valueSchema) : []
  return {
    name: table.name,
    rows: table.rows,
    indexes: table.indexes,
    partitions: table.partitions ?? [],
    isRestoring: table.isRestoring,
    restored: table.restored ?? 0,
    toRestore: table.toRestore ?? 0,
    lagMs: table.lagMs,
    outage: table.outage ?? null,
    unreadable: table.unreadable,
    lastUnreadable: table.lastUnreadable ?? [],
    duplicates: table.duplicates,
    impossibleTransitions: table.impossibleTransitions,
    lastImpossibleTransitions: table.lastImpossibleTransitions ?? [],
    memoryBytes: table.memoryBytes,
    diskBytes: table.diskBytes,
    position: table.position,
    fields,
    keyFields: table.keySchema ? fieldsOf(table.keySchema) : [],
    board: boardFields(fields, table.board ?? []),
  }
}

// {rows, cursor}
export async function listRows(table, query, signal) {
  const answer = await getJson(`${path('v1/tables', table, 'rows')}?${queryText(query)}`, { signal })
  return { rows: answer.rows.map(rowOf), cursor: answer.cursor ?? null }
}

// [{value, count}], the most first.
export async function countBy(table, field, where = [], signal) {
  const answer = await getJson(`${path('v1/tables', table, 'count')}?${queryText({ by: field, where })}`, { signal })
  return answer.groups.map(({ by, count }) => ({ value: by[field], count: Number(count) }))
}

export async function countRows(table, where, signal) {
  return Number((await getJson(`${path('v1/tables', table, 'count')}?${queryText({ where })}`, { signal })).count)
}

export function watchUrl(table, query) {
  const text = queryText(query)
  return path('v1/tables', table, 'watch') + (text === '' ? '' : `?${text}`)
}

export function rowUrl(table, key) {
  return path('v1/tables', table, 'rows', typeof key === 'string' ? key : keyText(key))
}

// {row, text, etag}; null where it is what `etag` says. `keyAsText` is from the address.
export async function getRow(table, keyAsText, etag, signal) {
  const headers = etag ? { 'If-None-Match': etag } : {}
  const answer = await send(rowUrl(table, keyAsText), { headers, signal })
  if (answer.status === 304) return null
  return {
    value: parseJson(answer.text),
    text: answer.text,
    etag: answer.headers.get('ETag'),
    position: (answer.headers.get('ETag') ?? '').replace(/^W\//, '').replaceAll('"', ''),
    modified: answer.headers.get('Last-Modified'),
    lag: Number(answer.headers.get('Omashu-Lag') ?? NaN),
  }
}

// {records, isComplete, isScanned}: the newest first.
export async function getHistory(table, keyAsText, count, signal) {
  const answer = await getJson(`${rowUrl(table, keyAsText)}?history=${count}`, { signal })
  return { ...answer, records: answer.records.map(rowOf) }
}
