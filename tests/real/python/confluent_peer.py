"""Confluent's own Python client, as the other side of an exchange with omashu."""

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic
from confluent_kafka.schema_registry import Schema, SchemaReference, SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

from cases import text_of

SERIALIZER_CONFIG = {"auto.register.schemas": False, "use.latest.version": True}
DEADLINE_S = 60


class Peer:
    def __init__(self, bootstrap_servers, registry_url, topic):
        self.bootstrap_servers = bootstrap_servers
        self.registry = SchemaRegistryClient({"url": registry_url})
        self.topic = topic

    def create_topic(self):
        admin = AdminClient({"bootstrap.servers": self.bootstrap_servers})
        admin.create_topics([NewTopic(self.topic, 1, 1)])[self.topic].result(DEADLINE_S)

    def register(self, case):
        references = []
        for reference in case.references:
            self.registry.register_schema(reference.subject, Schema(text_of(reference.schema), "AVRO"))
            version = self.registry.get_latest_version(reference.subject).version
            references.append(SchemaReference(reference.name, reference.subject, version))
        self.registry.register_schema(f"{self.topic}-key", Schema(text_of(case.key_schema), "AVRO"))
        self.registry.register_schema(f"{self.topic}-value", Schema(text_of(case.value_schema), "AVRO", references))

    def write(self, records):
        serializer = AvroSerializer(self.registry, conf=SERIALIZER_CONFIG)
        key_context = SerializationContext(self.topic, MessageField.KEY)
        value_context = SerializationContext(self.topic, MessageField.VALUE)
        failures = []
        producer = Producer({"bootstrap.servers": self.bootstrap_servers, "enable.idempotence": True})
        for record in records:
            producer.produce(
                self.topic,
                key=serializer(record.key, key_context),
                value=None if record.value is None else serializer(record.value, value_context),
                on_delivery=lambda error, _: failures.append(error) if error else None,
            )
        left = producer.flush(DEADLINE_S)
        if left or failures:
            raise RuntimeError(f"{left} records not delivered, errors: {failures}")

    def read_bytes(self, count):
        """The first `count` records as (key, value)."""
        consumer = Consumer({"bootstrap.servers": self.bootstrap_servers, "group.id": "unused"})
        consumer.assign([TopicPartition(self.topic, 0, 0)])
        messages = consumer.consume(count, DEADLINE_S)
        consumer.close()
        for message in messages:
            if message.error():
                raise RuntimeError(str(message.error()))
        return [(message.key(), message.value()) for message in messages]

    def decode(self, payloads):
        deserializer = AvroDeserializer(self.registry)
        key_context = SerializationContext(self.topic, MessageField.KEY)
        value_context = SerializationContext(self.topic, MessageField.VALUE)
        return [(deserializer(key, key_context), deserializer(value, value_context)) for key, value in payloads]
