'use strict'

const assert = require('node:assert/strict')
const { Condition, kafka, makeTopic, produce, withAdmin } = require('./kafka')

const PARTITIONS = 4

// One member: what it owns and what it has read.
async function join(groupId, topic, condition) {
  const consumer = kafka.consumer({ groupId, heartbeatInterval: 100, maxWaitTimeInMs: 100 })
  const member = { owned: 0, read: 0, leave: () => consumer.disconnect() }
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    member.owned = payload.memberAssignment[topic]?.length ?? 0
    condition.hint()
  })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    eachMessage: async () => {
      member.read += 1
      condition.hint()
    },
  })
  return member
}

// A second member takes its half, reads it, leaves, and the first has everything again.
const checkGroups = () =>
  withAdmin(async (admin) => {
    const topic = await makeTopic('groups', PARTITIONS)
    const groupId = topic
    const state = async () => (await admin.describeGroups([groupId])).groups[0]
    const condition = new Condition()
    const first = await join(groupId, topic, condition)
    await condition.until('the first member owns all', () => first.owned === PARTITIONS)
    const second = await join(groupId, topic, condition)
    await condition.until('each owns two', () => first.owned === 2 && second.owned === 2)
    assert.equal((await state()).state, 'Stable')
    assert.equal((await state()).protocol, 'RoundRobinAssigner')
    assert.equal((await state()).members.length, 2)

    await produce(topic, [...Array(PARTITIONS).keys()].map((partition) => ({ partition, value: String(partition) })))
    await condition.until('each reads two', () => first.read === 2 && second.read === 2)

    await second.leave()
    await condition.until('the first owns all again', () => first.owned === PARTITIONS)
    await first.leave()
    assert.equal((await state()).state, 'Empty')
    const { groups } = await admin.listGroups()
    assert(groups.some((listed) => listed.groupId === groupId))
  })

module.exports = { checkGroups }
