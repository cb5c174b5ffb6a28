"""A subject's life: versions, compatibility, references, both kinds of deletion; and schema ids in headers."""

import json

from confluent_kafka.schema_registry import (
    ConfigCompatibilityLevel,
    Schema,
    SchemaReference,
    SchemaRegistryError,
    ServerConfig,
    header_schema_id_serializer,
)
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

from avro_records import registry, schema_text
from kafka import fetch, make_topic, produce


def fails_with(code, call):
    try:
        call()
    except SchemaRegistryError as error:
        assert error.error_code == code, error
        return True
    return False


def delete_for_good(subject):
    assert fails_with(40405, lambda: registry.delete_subject(subject, permanent=True))
    registry.delete_subject(subject)
    registry.delete_subject(subject, permanent=True)


def check_schemas():
    subject = "python-schemas"
    schema = Schema(schema_text("value"), "AVRO")
    first = registry.register_schema(subject, schema)
    assert registry.register_schema(subject, schema) == first
    assert registry.lookup_schema(subject, schema).schema_id == first
    assert registry.get_latest_version(subject).version == 1
    assert json.loads(registry.get_schema(first).schema_str) == json.loads(schema.schema_str)

    changed = json.loads(schema.schema_str)
    changed["fields"].append({"name": "added", "type": "string"})
    other = Schema(json.dumps(changed), "AVRO")
    assert not registry.test_compatibility(subject, other)
    assert fails_with(409, lambda: registry.register_schema(subject, other))
    registry.set_config(subject, ServerConfig(compatibility=ConfigCompatibilityLevel.NONE))
    assert registry.get_config(subject).compatibility_level == ConfigCompatibilityLevel.NONE
    assert registry.register_schema(subject, other) != first
    assert registry.get_versions(subject) == [1, 2]

    references = [SchemaReference("downloads.DownloadStatus", subject, 2)]
    referring = Schema('{"type":"array","items":"downloads.DownloadStatus"}', "AVRO", references)
    registry.register_schema(f"{subject}-referring", referring)
    assert fails_with(42206, lambda: registry.delete_version(subject, 2))
    delete_for_good(f"{subject}-referring")

    assert registry.delete_version(subject, 1) == 1
    assert fails_with(40402, lambda: registry.get_version(subject, 1))
    delete_for_good(subject)
    assert fails_with(40401, lambda: registry.get_versions(subject))
    assert subject not in registry.get_subjects(deleted=True)

    check_ids_in_headers()


def check_ids_in_headers():
    topic = make_topic("headers")
    context = SerializationContext(topic, MessageField.VALUE, [])
    serialize = AvroSerializer(
        registry, schema_text("key"), conf={"schema.id.serializer": header_schema_id_serializer}
    )
    value = serialize({"omashuId": "om-1001"}, context)  # this client reads no payload below six bytes
    assert value == b"\x0eom-1001", value
    produce(topic, [{"value": value, "headers": context.headers}])
    (message,) = fetch(1, [topic])
    context = SerializationContext(topic, MessageField.VALUE, message.headers())
    assert AvroDeserializer(registry)(message.value(), context) == {"omashuId": "om-1001"}
