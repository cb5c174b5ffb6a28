// What the cluster's routes answer, for some topics that are as examples/downloads has them.

import { readFileSync } from 'node:fs'

const EXAMPLES = new URL('../../../examples/downloads/', import.meta.url)
const text = (name) => readFileSync(new URL(name, EXAMPLES), 'utf8')

const TOPICS = [
  ['download-request', 3, 'delete', 604800000, 1204, false],
  ['status-download', 3, 'compact', 604800000, 48211, false],
  ['_schemas', 1, 'compact', -1, 9, true],
].map(([topic, partitions, cleanupPolicy, retentionMs, records, isInternal]) => ({ topic, partitions, replicationFactor: 1, leaderlessPartitions: 0, cleanupPolicy, retentionMs, records, bytes: records * 128, isInternal, isTable: topic === 'status-download' }))
const GROUPS = [
  { group: 'billing', state: 'Stable', protocolType: 'consumer', type: 'Classic', members: 1, coordinator: 1, topics: ['status-download'], lag: 30 },
  { group: 'mail', state: 'Empty', protocolType: 'consumer', type: 'Classic', members: 0, coordinator: 1, topics: ['download-request', 'status-download'], lag: 0 },
]

function topic(name) {
  const found = TOPICS.find((one) => one.topic === name)
  if (!found) return undefined
  return {
    ...found,
    replicasBytes: found.bytes,
    partitions: [...Array(found.partitions).keys()].map((partition) => ({ partition, leader: 1, replicas: [1], inSyncReplicas: [1], beginOffset: 0, endOffset: 400 + partition, bytes: 52_941, replicasBytes: 52_941 })),
    configs: [{ name: 'cleanup.policy', value: found.cleanupPolicy, source: 'topic' }, { name: 'retention.ms', value: '604800000', source: 'topic' }, { name: 'segment.bytes', value: '1073741824', source: 'default' }],
    newestRecord: { partition: 0, offset: 399, timestamp: new Date(Date.now() - 4000).toISOString() },
    groups: GROUPS.map(({ group, state, members, lag }) => ({ group, state, members, lag, partitions: [] })),
    subjects: name === 'status-download' ? [{ subject: 'status-download-value', part: 'value', version: 2, id: 5 }] : [],
    warnings: [],
  }
}

function records(name, query) {
  const all = [...Array(200).keys()].map((i) => {
    const isTombstone = i % 17 === 5
    const value = { omashuId: `om-${i}`, status: i % 5 === 0 ? 'FAILED' : 'RUNNING', bytesSoFar: i * 12345, bytesTotal: null, reason: null, source: { url: 'https://example.org/atlas.zip', sha256: null } }
    return {
      position: `${name}-${i % 3}-${400 - Math.floor(i / 3)}`,
      partition: i % 3,
      offset: 400 - Math.floor(i / 3),
      timestamp: new Date(Date.now() - i * 4321).toISOString(),
      key: { omashuId: `om-${i}` },
      keyForm: 'avro',
      keySchema: 3,
      keyBytes: 10,
      value: isTombstone ? null : value,
      valueForm: isTombstone ? null : 'avro',
      valueSchema: isTombstone ? null : 5,
      valueBytes: isTombstone ? 0 : 118 + (i % 40),
      headers: [{ name: 'trace', value: `4bf92f3577b34da6a3ce929d0e0e${4736 + i}` }],
    }
  })
  const found = all.filter((one) => !query.get('partition') || one.partition === Number(query.get('partition')))
  return { records: found, older: null, newer: `${name}-0-400`, scanned: found.length, unreadable: 0, isComplete: true }
}

const SUBJECTS = [
  ['download-request-value', [1], 2],
  ['download-source-value', [1], 1],
  ['status-download-key', [1], 3],
  ['status-download-value', [1, 2], 5],
].map(([subject, versions, id]) => ({ subject, versions, version: versions.at(-1), id, schemaType: 'AVRO', compatibility: 'BACKWARD' }))

function subject(name) {
  const found = SUBJECTS.find((one) => one.subject === name)
  if (!found) return undefined
  const file = name === 'status-download-key' ? 'status-download-key.avsc' : `${name.replace(/-value$/, '')}.avsc`
  const references = name === 'status-download-value' ? [{ name: 'downloads.DownloadSource', subject: 'download-source-value', version: 1 }] : []
  const referencedBy = name === 'download-source-value' ? [{ subject: 'status-download-value', version: 2 }, { subject: 'download-request-value', version: 1 }] : []
  const versions = [...found.versions].reverse().map((version) => ({ version, id: found.id, schemaType: 'AVRO', schema: text(file), references, referencedBy }))
  return { subject: name, compatibility: 'BACKWARD', versions }
}

const same = (line) => ({ kind: 'same', text: line })
const DIFF = {
  changes: ['downloads.DownloadStatus.attempt added: int, default 1', 'downloads.Status: symbol CANCELLED added'],
  lines: [...Array(9).keys()].map((i) => same(`  "line": ${i},`)).concat([{ kind: 'removed', text: '  "symbols": ["QUEUED", "RUNNING"]' }, { kind: 'added', text: '  "symbols": ["QUEUED", "RUNNING", "CANCELLED"]' }, same('}')]),
}

function group(name) {
  const found = GROUPS.find((one) => one.group === name)
  if (!found) return undefined
  const partitions = [0, 1, 2].map((partition) => ({ topic: 'status-download', partition, committed: 390 + partition, endOffset: 400 + partition, lag: 10, memberId: 'm-1' }))
  const members = found.members === 0 ? [] : [{ memberId: 'm-1', groupInstanceId: null, clientId: 'billing-1', host: '/127.0.0.1', partitions: partitions.map(({ topic: of, partition }) => ({ topic: of, partition })) }]
  return { ...found, assignor: 'range', members, partitions, warnings: [] }
}

const CLUSTER = { version: '1.0.0', clusterId: 'fake', controller: 1, brokers: [{ id: 1, host: '127.0.0.1', port: 9092 }], registry: { isReachable: true, compatibility: 'BACKWARD', problem: null }, warnings: [] }

export function clusterAnswers([kind, name, part], query) {
  switch (kind) {
    case 'cluster': return CLUSTER
    case 'topics': return name === undefined ? { topics: TOPICS, warnings: [] } : part === 'records' ? records(name, query) : topic(name)
    case 'groups': return name === undefined ? { groups: GROUPS, warnings: [] } : group(name)
    case 'schemas': return name === undefined ? { compatibility: 'BACKWARD', subjects: SUBJECTS } : part === 'diff' ? { subject: name, from: 1, to: 2, ...DIFF } : subject(name)
    case 'plan': return PLAN
    default: return undefined
  }
}

const PLAN = {
  version: 1,
  kind: 'plan',
  actions: [
    { action: 'register_schema', subject: 'status-download-value', file: 'status-download.avsc', before_version: 1, version: 2, references: [], schema: '{"type":"enum","name":"S","symbols":["A","B"]}', before_schema: '{"type":"enum","name":"S","symbols":["A"]}' },
    { action: 'create_topic', topic: 'orders', partitions: 3, replication_factor: 1, configs: { 'cleanup.policy': 'compact', 'retention.ms': '604800000' } },
    { action: 'alter_configs', topic: 'status-download', changes: [{ name: 'retention.ms', before: '604800000', was_default: false, after: '86400000' }] },
  ],
  violations: [{ file: 'topics_and_schemas.txt', line: 4, column: 1, message: 'the replication factor is 3, and one broker is there' }],
  warnings: [],
  notes: ['status-download-key: unchanged'],
  unchanged: { topics: 1, schemas: 2 },
}
