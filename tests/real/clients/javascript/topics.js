'use strict'

const assert = require('node:assert/strict')
const { ConfigResourceTypes } = require('kafkajs')
const { makeTopic, refusedWith, withAdmin } = require('./kafka')

const checkTopics = () =>
  withAdmin(async (admin) => {
    const topic = await makeTopic('topics', 4)
    const create = (one) => admin.createTopics({ topics: [one] })
    assert.equal(await create({ topic }), false, 'a topic was made a second time')
    await assert.rejects(create({ topic: 'not a name' }), refusedWith('INVALID_TOPIC_EXCEPTION'))
    const nonsense = [{ name: 'cleanup.policy', value: 'nonsense' }]
    await assert.rejects(
      create({ topic: 'javascript-refused', configEntries: nonsense }),
      refusedWith('INVALID_CONFIG')
    )

    const listed = await admin.listTopics()
    assert(listed.includes(topic) && !listed.includes('javascript-refused'), `listed: ${listed}`)
    const partitions = async () => (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0].partitions
    const { controller } = await admin.describeCluster()
    assert.deepEqual((await partitions()).map(({ leader }) => leader), Array(4).fill(controller))

    const widen = (count) => admin.createPartitions({ topicPartitions: [{ topic, count }] })
    await widen(6)
    assert.equal((await partitions()).length, 6)
    await assert.rejects(widen(3), refusedWith('INVALID_PARTITIONS'))

    await admin.deleteTopics({ topics: [topic] })
    await assert.rejects(partitions(), refusedWith('UNKNOWN_TOPIC_OR_PARTITION'))
  })

const checkConfigs = () =>
  withAdmin(async (admin) => {
    const name = await makeTopic('configs', 1, [{ name: 'cleanup.policy', value: 'compact' }])
    const resource = { type: ConfigResourceTypes.TOPIC, name }
    const configs = async () => {
      const described = await admin.describeConfigs({ includeSynonyms: true, resources: [resource] })
      return new Map(described.resources[0].configEntries.map((entry) => [entry.configName, entry]))
    }
    const alter = (configEntries) =>
      admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] })

    assert.equal((await configs()).get('retention.ms').configValue, '604800000')
    assert.equal((await configs()).get('cleanup.policy').configValue, 'compact')

    // kafkajs has the older AlterConfigs, which replaces all.
    await alter([{ name: 'retention.ms', value: '3600000' }])
    assert.equal((await configs()).get('retention.ms').configValue, '3600000')
    assert.equal((await configs()).get('retention.ms').isDefault, false)
    assert.equal((await configs()).get('cleanup.policy').configValue, 'delete')
    await assert.rejects(alter([{ name: 'no.such', value: '1' }]), refusedWith('INVALID_CONFIG'))

    const { controller } = await admin.describeCluster()
    const broker = { type: ConfigResourceTypes.BROKER, name: String(controller) }
    const described = await admin.describeConfigs({ resources: [broker] })
    assert(described.resources[0].configEntries.length > 0)
  })

module.exports = { checkConfigs, checkTopics }
