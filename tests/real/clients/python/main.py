"""Confluent's Python client on the servers that the environment names: see ../README.md for the commands."""

import sys

import avro_records
import exchange
import groups
import offsets
import records
import schemas
import topics

SUBJECTS = {
    "topics": topics.check_topics,
    "configs": topics.check_configs,
    "records": records.check_records,
    "groups": groups.check_groups,
    "offsets": offsets.check_offsets,
    "deletes": offsets.check_deletes,
    "schemas": schemas.check_schemas,
}

COMMANDS = {
    "check": lambda subject: SUBJECTS[subject](),
    "write": exchange.write,
    "read": lambda count, *names: exchange.read(int(count), names),
    "write-avro": avro_records.write,
    "read-avro": lambda count, topic: avro_records.read(int(count), topic),
}

if __name__ == "__main__":
    command, *operands = sys.argv[1:]
    COMMANDS[command](*operands)
