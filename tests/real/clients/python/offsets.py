"""Committed offsets, and what can be deleted."""

from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaError, TopicPartition
from confluent_kafka.admin import OffsetSpec

from kafka import DEADLINE_S, SERVERS, admin, fetch, make_topic, only, produce, refused_with

COUNT = 10


def make_numbers(name):
    topic = make_topic(name)
    produce(topic, [{"value": str(number)} for number in range(COUNT)])
    return topic


def member_of(group, topic):
    consumer = Consumer(
        SERVERS | {"group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False}
    )
    consumer.subscribe([topic])
    return consumer


def read_in_group(group, topic, count):
    """Reads `count` messages as the group's only member and commits behind the last; the value of the first."""
    consumer = member_of(group, topic)
    messages = consumer.consume(count, DEADLINE_S)
    assert len(messages) == count, messages
    consumer.commit(messages[-1], asynchronous=False)
    consumer.close()
    return messages[0].value()


def offset_at(topic, spec):
    return only(admin.list_offsets({TopicPartition(topic, 0): spec})).offset


def check_offsets():
    topic = make_numbers("offsets")
    group = topic

    def committed():
        asked = ConsumerGroupTopicPartitions(group, [TopicPartition(topic, 0)])
        (partition,) = only(admin.list_consumer_group_offsets([asked])).topic_partitions
        return partition

    assert committed().offset == -1001  # librdkafka's word for none
    assert read_in_group(group, topic, 4) == b"0"
    assert read_in_group(group, topic, 3) == b"4"
    assert committed().offset == 7

    moved = TopicPartition(topic, 0, 2, metadata="by hand")
    only(admin.alter_consumer_group_offsets([ConsumerGroupTopicPartitions(group, [moved])]))
    assert committed().metadata == "by hand"
    assert read_in_group(group, topic, 1) == b"2"

    assert offset_at(topic, OffsetSpec.earliest()) == 0
    assert offset_at(topic, OffsetSpec.latest()) == COUNT


def check_deletes():
    topic = make_numbers("deletes")
    deleted = only(admin.delete_records([TopicPartition(topic, 0, 6)]))
    assert deleted.low_watermark == 6
    assert offset_at(topic, OffsetSpec.earliest()) == 6
    # A consumer that stands before the start is sent to it by auto.offset.reset.
    assert [message.offset() for message in fetch(4, [topic])] == [6, 7, 8, 9]
    beyond = [TopicPartition(topic, 0, COUNT + 1)]
    assert refused_with(KafkaError.OFFSET_OUT_OF_RANGE, lambda: only(admin.delete_records(beyond)))

    group = topic
    member = member_of(group, topic)
    assert len(member.consume(1, DEADLINE_S)) == 1

    def delete_group():
        only(admin.delete_consumer_groups([group]))

    assert refused_with(KafkaError.NON_EMPTY_GROUP, delete_group)
    member.close()
    delete_group()
    assert refused_with(KafkaError.GROUP_ID_NOT_FOUND, delete_group)

    only(admin.delete_topics([topic]))
    assert refused_with(KafkaError.UNKNOWN_TOPIC_OR_PART, lambda: only(admin.delete_topics([topic])))
