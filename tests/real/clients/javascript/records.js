'use strict'

const assert = require('node:assert/strict')
const { fetch } = require('./exchange')
const { makeTopic, produce, refusedWith, withAdmin } = require('./kafka')

const MINUTE_MS = 60000
const START_MS = Date.now() - 60 * MINUTE_MS

async function checkRecords() {
  const topic = await makeTopic('records')
  const message = (number) => ({
    key: 'key',
    value: null,
    headers: { trace: [Buffer.from([0, 255]), Buffer.from('second')] },
    timestamp: String(START_MS + number * MINUTE_MS),
  })
  // An idempotent producer, then each of the other acks.
  const [delivered] = await produce(topic, [message(0)], {}, { idempotent: true })
  assert.equal(delivered.baseOffset, '0')
  await produce(topic, [message(1)], { acks: 1 })
  await produce(topic, [message(2)], { acks: 0 })

  const messages = await fetch(3, [topic])
  messages.forEach((read, number) => {
    const wanted = message(number)
    assert.deepEqual(
      { offset: read.offset, key: String(read.key), value: read.value, headers: read.headers, at: read.timestamp },
      { offset: String(number), key: 'key', value: null, headers: wanted.headers, at: wanted.timestamp }
    )
  })
  const [later] = await withAdmin((admin) => admin.fetchTopicOffsetsByTimestamp(topic, START_MS + 1))
  assert.equal(later.offset, '1')

  const small = await makeTopic('small', 1, [{ name: 'max.message.bytes', value: '1000' }])
  await assert.rejects(produce(small, [{ value: 'x'.repeat(2000) }]), refusedWith('MESSAGE_TOO_LARGE'))
  const compacted = await makeTopic('compacted', 1, [{ name: 'cleanup.policy', value: 'compact' }])
  await assert.rejects(produce(compacted, [{ value: 'no key' }]), refusedWith('INVALID_RECORD'))
}

module.exports = { checkRecords }
