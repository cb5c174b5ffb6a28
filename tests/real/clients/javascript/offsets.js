'use strict'

const assert = require('node:assert/strict')
const { fetch } = require('./exchange')
const { Condition, kafka, makeTopic, produce, refusedWith, withAdmin } = require('./kafka')

const COUNT = 10

async function makeNumbers(name) {
  const topic = await makeTopic(name)
  await produce(topic, [...Array(COUNT).keys()].map((number) => ({ value: String(number) })))
  return topic
}

// Reads `count` messages as the group's only member and commits behind the last; the value of the first.
async function readInGroup(groupId, topic, count) {
  const values = []
  const condition = new Condition()
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message }) => {
      if (values.length === count) return
      values.push(String(message.value))
      if (values.length < count) return
      await consumer.commitOffsets([{ topic, partition, offset: String(Number(message.offset) + 1) }])
      condition.hint()
    },
  })
  await condition.until(`${count} messages and a commit`, () => values.length === count)
  await consumer.disconnect()
  return values[0]
}

const checkOffsets = () =>
  withAdmin(async (admin) => {
    const topic = await makeNumbers('offsets')
    const groupId = topic
    const committed = async () => {
      const [fetched] = await admin.fetchOffsets({ groupId, topics: [topic] })
      return fetched.partitions[0]
    }
    assert.equal((await committed()).offset, '-1')
    assert.equal(await readInGroup(groupId, topic, 4), '0')
    assert.equal(await readInGroup(groupId, topic, 3), '4')
    assert.equal((await committed()).offset, '7')

    // Takes kafkajs 5 s: it joins the group for it, and waits out an idle fetch.
    await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '2' }] })
    assert.equal(await readInGroup(groupId, topic, 1), '2')

    const [{ low, high }] = await admin.fetchTopicOffsets(topic)
    assert.deepEqual([low, high], ['0', String(COUNT)])
  })

const checkDeletes = () =>
  withAdmin(async (admin) => {
    const topic = await makeNumbers('deletes')
    assert.equal((await admin.fetchTopicOffsets(topic))[0].low, '0') // and kafkajs knows who leads
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '6' }] })
    assert.equal((await admin.fetchTopicOffsets(topic))[0].low, '6')
    assert.deepEqual((await fetch(4, [topic])).map(({ offset }) => offset), ['6', '7', '8', '9'])

    const groupId = 'javascript-deletes'
    const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 })
    const condition = new Condition()
    let joined = false
    consumer.on(consumer.events.GROUP_JOIN, () => {
      joined = true
      condition.hint()
    })
    await consumer.connect()
    await consumer.subscribe({ topics: [topic] })
    await consumer.run({ eachMessage: async () => {} })
    await condition.until('a member', () => joined)
    await assert.rejects(admin.deleteGroups([groupId]), groupRefusedWith('NON_EMPTY_GROUP'))
    await consumer.disconnect()
    await admin.deleteGroups([groupId])
    await assert.rejects(admin.deleteGroups([groupId]), groupRefusedWith('GROUP_ID_NOT_FOUND'))

    await admin.deleteTopics({ topics: [topic] })
    await assert.rejects(admin.deleteTopics({ topics: [topic] }), refusedWith('UNKNOWN_TOPIC_OR_PARTITION'))
  })

const groupRefusedWith = (type) => (error) => {
  assert.equal(error.groups[0].error.type, type, error.stack)
  return true
}

module.exports = { checkDeletes, checkOffsets }
