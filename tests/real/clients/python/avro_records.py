"""Avro records by Confluent's serializers, as they are by default: they register what they write."""

import os

from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

from exchange import input_lines
from kafka import fetch, produce

registry = SchemaRegistryClient({"url": os.environ["SCHEMA_REGISTRY_URL"]})


def schema_text(name):
    with open(f"{os.environ['CLIENT_SCHEMAS']}/{name}.avsc") as file:
        return file.read()


def write(topic):
    key_of = AvroSerializer(registry, schema_text("key"))
    value_of = AvroSerializer(registry, schema_text("value"))
    key_context = SerializationContext(topic, MessageField.KEY)
    value_context = SerializationContext(topic, MessageField.VALUE)
    messages = []
    for omashu_id, status, bytes_so_far, reason in input_lines():
        value = {
            "omashuId": omashu_id,
            "status": status,
            "bytesSoFar": int(bytes_so_far),
            "reason": reason or None,
        }
        messages.append(
            {"key": key_of({"omashuId": omashu_id}, key_context), "value": value_of(value, value_context)}
        )
    produce(topic, messages)


def read(count, topic):
    decode = AvroDeserializer(registry)
    for message in fetch(count, [topic]):
        key = decode(message.key(), SerializationContext(topic, MessageField.KEY))
        value = decode(message.value(), SerializationContext(topic, MessageField.VALUE))
        assert key["omashuId"] == value["omashuId"], (key, value)
        print(value["omashuId"], value["status"], value["bytesSoFar"], value["reason"] or "", sep="\t")
