// Lines of text become records, and records lines: KEY TAB VALUE.
'use strict'

const fs = require('node:fs')
const zlib = require('node:zlib')
const lz4 = require('lz4-napi')
const { CompressionCodecs, CompressionTypes } = require('kafkajs')
const SnappyCodec = require('kafkajs-snappy')
const { Condition, kafka, produce } = require('./kafka')

// kafkajs brings gzip and takes the others as plug-ins.
CompressionCodecs[CompressionTypes.Snappy] = SnappyCodec
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: (encoder) => lz4.compressFrame(encoder.buffer),
  decompress: (buffer) => lz4.decompressFrame(buffer),
})
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: async (encoder) => zlib.zstdCompressSync(encoder.buffer),
  decompress: async (buffer) => zlib.zstdDecompressSync(buffer),
})

const CODECS = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
}

function inputLines() {
  const lines = fs.readFileSync(0, 'utf8').split('\n')
  return lines.slice(0, -1).map((line) => line.split('\t'))
}

async function write(topic, codec) {
  const messages = inputLines().map(([key, value]) => ({ key, value }))
  await produce(topic, messages, { compression: CODECS[codec] })
}

// The first `count` messages of the topics from their start, through a group: kafkajs reads in no other way.
async function fetch(count, topics) {
  const messages = []
  const condition = new Condition()
  const consumer = kafka.consumer({ groupId: `javascript-reads-${topics[0]}`, maxWaitTimeInMs: 100 })
  await consumer.connect()
  await consumer.subscribe({ topics, fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message }) => {
      messages.push(message)
      condition.hint()
    },
  })
  await condition.until(`${count} messages`, () => messages.length >= count)
  await consumer.disconnect()
  return messages
}

async function read(count, topics) {
  for (const { key, value } of await fetch(count, topics)) console.log(`${key}\t${value}`)
}

module.exports = { fetch, inputLines, read, write }
