// What every subject needs: the client, a topic of its own, and how to wait.
'use strict'

const assert = require('node:assert/strict')
const { Kafka, logLevel } = require('kafkajs')

const DEADLINE_MS = 60000

const kafka = new Kafka({
  clientId: 'kafkajs',
  brokers: [process.env.KAFKA_BOOTSTRAP_SERVERS],
  logLevel: logLevel.NOTHING,
  retry: { initialRetryTime: 50 }, // a first request after connecting may need one
})

// `use` with a connected admin.
async function withAdmin(use) {
  const admin = kafka.admin()
  await admin.connect()
  try {
    return await use(admin)
  } finally {
    await admin.disconnect()
  }
}

async function makeTopic(name, numPartitions = 1, configEntries = []) {
  const topic = `javascript-${name}`
  await withAdmin((admin) => admin.createTopics({ topics: [{ topic, numPartitions, configEntries }] }))
  return topic
}

async function produce(topic, messages, options = {}, producerOptions = {}) {
  const producer = kafka.producer(producerOptions)
  await producer.connect()
  try {
    return await producer.send({ topic, messages, ...options })
  } finally {
    await producer.disconnect()
  }
}

// The error of a request, by Kafka's name for it.
const refusedWith = (type) => (error) => {
  const inner = error.errors?.[0] ?? error.cause ?? error
  assert.equal(inner.type ?? error.type, type, error.stack)
  return true
}

// Resolves when `holds` does; `hint` is called whenever something may have changed.
class Condition {
  #waiting = new Set()

  hint() {
    for (const look of this.#waiting) look()
  }

  until(what, holds) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`in vain: ${what}`)), DEADLINE_MS)
      const look = () => {
        if (!holds()) return
        clearTimeout(timer)
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
  }
}

module.exports = { Condition, kafka, makeTopic, produce, refusedWith, withAdmin }
