'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const { SchemaRegistry, SchemaType } = require('@kafkajs/confluent-schema-registry')
const { fetch, inputLines } = require('./exchange')
const { produce } = require('./kafka')

const registry = new SchemaRegistry({ host: process.env.SCHEMA_REGISTRY_URL })

const schemaText = (name) => fs.readFileSync(`${process.env.CLIENT_SCHEMAS}/${name}.avsc`, 'utf8')

const register = async (subject, schema) => (await registry.register({ type: SchemaType.AVRO, schema }, { subject })).id

async function writeAvro(topic) {
  const keyId = await register(`${topic}-key`, schemaText('key'))
  const valueId = await register(`${topic}-value`, schemaText('value'))
  const messages = inputLines().map(async ([omashuId, status, bytesSoFar, reason]) => ({
    key: await registry.encode(keyId, { omashuId }),
    value: await registry.encode(valueId, {
      omashuId,
      status,
      bytesSoFar: Number(bytesSoFar),
      reason: reason === '' ? null : reason,
    }),
  }))
  await produce(topic, await Promise.all(messages))
}

async function readAvro(count, topic) {
  for (const message of await fetch(count, [topic])) {
    const key = await registry.decode(message.key)
    const { omashuId, status, bytesSoFar, reason } = await registry.decode(message.value)
    assert.equal(key.omashuId, omashuId)
    console.log([omashuId, status, bytesSoFar, reason ?? ''].join('\t'))
  }
}

// A subject's life, as far as this client has words for it.
async function checkSchemas() {
  const subject = 'javascript-schemas'
  const schema = schemaText('value')
  const id = await register(subject, schema)
  assert.equal(await register(subject, schema), id)
  assert.equal(await registry.getLatestSchemaId(subject), id)
  assert.equal(await registry.getRegistryId(subject, 1), id)
  assert.equal(await registry.getRegistryIdBySchema(subject, { type: SchemaType.AVRO, schema }), id)
  assert((await registry.getSchema(id)).isValid({ omashuId: 'om-1', status: 'QUEUED', bytesSoFar: 0, reason: null }))

  const added = JSON.parse(schema)
  added.fields.push({ name: 'added', type: 'string' })
  await assert.rejects(register(subject, JSON.stringify(added)), /incompatible/)
  added.fields[added.fields.length - 1].default = ''
  const second = await register(subject, JSON.stringify(added))
  assert.notEqual(second, id)
  assert.equal(await registry.getLatestSchemaId(subject), second)
  await assert.rejects(registry.getSchema(1000000), /not found/)
}

module.exports = { checkSchemas, readAvro, writeAvro }
