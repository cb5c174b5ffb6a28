// kafkajs and its client of the schema registry on the servers that the environment names: see ../README.md for the
// commands.
'use strict'

const exchange = require('./exchange')
const { checkConfigs, checkTopics } = require('./topics')
const { checkGroups } = require('./groups')
const { checkDeletes, checkOffsets } = require('./offsets')
const { checkRecords } = require('./records')
const { checkSchemas, readAvro, writeAvro } = require('./avro')

const subjects = {
  topics: checkTopics,
  configs: checkConfigs,
  records: checkRecords,
  groups: checkGroups,
  offsets: checkOffsets,
  deletes: checkDeletes,
  schemas: checkSchemas,
}

const commands = {
  check: (subject) => subjects[subject](),
  write: exchange.write,
  read: (count, ...topics) => exchange.read(Number(count), topics),
  'write-avro': writeAvro,
  'read-avro': (count, topic) => readAvro(Number(count), topic),
}

// kafkajs leaves timers behind that would keep the program alive.
const [command, ...operands] = process.argv.slice(2)
commands[command](...operands).then(
  () => process.exit(0),
  (error) => {
    console.error(error)
    process.exit(1)
  }
)
