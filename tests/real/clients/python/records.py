"""What a record carries, and what a broker refuses to store."""

import time

from confluent_kafka import KafkaError, TopicPartition
from confluent_kafka.admin import OffsetSpec

from kafka import admin, fetch, make_topic, only, produce, refused_with

MINUTE_MS = 60_000
START_MS = int(time.time() * 1000) - 60 * MINUTE_MS
HEADERS = [("trace", b"\x00\xff"), ("trace", None)]


def check_records():
    topic = make_topic("records")
    settings = [{"enable_idempotence": True}, {"acks": 1}, {"acks": 0}]
    for number, config in enumerate(settings):
        message = {"key": "key", "headers": HEADERS, "timestamp": START_MS + number * MINUTE_MS}
        produce(topic, [message], **config)

    for number, message in enumerate(fetch(3, [topic])):
        assert message.offset() == number
        assert (message.key(), message.value(), message.headers()) == (b"key", None, HEADERS)
        assert message.timestamp()[1] == START_MS + number * MINUTE_MS
    later = only(admin.list_offsets({TopicPartition(topic, 0): OffsetSpec.for_timestamp(START_MS + 1)}))
    assert later.offset == 1

    small = make_topic("small", max_message_bytes="1000")
    assert refused_with(KafkaError.MSG_SIZE_TOO_LARGE, lambda: produce(small, [{"value": "x" * 2000}]))
    compacted = make_topic("compacted", cleanup_policy="compact")
    assert refused_with(KafkaError.INVALID_RECORD, lambda: produce(compacted, [{"value": "no key"}]))
