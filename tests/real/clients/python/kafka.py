"""What every subject needs: the clients, a topic of its own, and how to wait."""

import os
import time

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

DEADLINE_S = 60
SERVERS = {"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"]}

admin = AdminClient(SERVERS)


def only(futures):
    """The result of the one future that an admin call gave."""
    (future,) = futures.values()
    return future.result(DEADLINE_S)


def refused_with(code, call):
    """Whether `call` fails with this error of Kafka."""
    try:
        call()
    except KafkaException as error:
        assert error.args[0].code() == code, error
        return True
    return False


def make_topic(name, partitions=1, **config):
    topic = f"python-{name}"
    names = {key.replace("_", "."): value for key, value in config.items()}
    only(admin.create_topics([NewTopic(topic, partitions, 1, config=names)]))
    return topic


def produce(topic, messages, **config):
    """Sends dictionaries of produce()'s arguments; the delivered messages."""
    delivered = []

    def on_delivery(error, message):
        if error:
            raise KafkaException(error)
        delivered.append(message)

    producer = Producer(SERVERS | {key.replace("_", "."): value for key, value in config.items()})
    for message in messages:
        producer.produce(topic, on_delivery=on_delivery, **message)
    left = producer.flush(DEADLINE_S)
    assert left == 0, f"{left} messages were not delivered"
    return delivered


def fetch(count, topics):
    """The first `count` messages of the topics' first partitions, from their start."""
    consumer = Consumer(SERVERS | {"group.id": "unused", "auto.offset.reset": "earliest"})
    consumer.assign([TopicPartition(topic, 0, 0) for topic in topics])
    messages = consumer.consume(count, DEADLINE_S)
    consumer.close()
    assert len(messages) == count, f"{len(messages)} of {count} messages"
    for message in messages:
        if message.error():
            raise KafkaException(message.error())
    return messages


def until(what, holds, step):
    """Takes steps until `holds` does."""
    deadline = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < deadline, f"in vain: {what}"
        step()
