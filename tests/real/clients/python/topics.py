"""Topics and their configs through the admin client."""

from confluent_kafka import KafkaError, TopicCollection
from confluent_kafka.admin import (
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ConfigSource,
    NewPartitions,
    NewTopic,
    ResourceType,
)

from kafka import DEADLINE_S, admin, make_topic, only, refused_with


def check_topics():
    topic = make_topic("topics", 4)

    def create(name, **options):
        return lambda: only(admin.create_topics([NewTopic(name, 1, 1, **options)]))

    assert refused_with(KafkaError.TOPIC_ALREADY_EXISTS, create(topic))
    assert refused_with(KafkaError.TOPIC_EXCEPTION, create("not a name"))
    nonsense = {"cleanup.policy": "nonsense"}
    assert refused_with(KafkaError.INVALID_CONFIG, create("python-refused", config=nonsense))

    listed = admin.list_topics(timeout=DEADLINE_S).topics
    assert topic in listed and "python-refused" not in listed, listed

    def described():
        return only(admin.describe_topics(TopicCollection([topic])))

    cluster = admin.describe_cluster().result(DEADLINE_S)
    assert [partition.leader.id for partition in described().partitions] == [cluster.controller.id] * 4

    def widen(count):
        return only(admin.create_partitions([NewPartitions(topic, count)]))

    widen(6)
    assert len(described().partitions) == 6
    assert refused_with(KafkaError.INVALID_PARTITIONS, lambda: widen(3))

    only(admin.delete_topics([topic]))
    assert refused_with(KafkaError.UNKNOWN_TOPIC_OR_PART, described)


def check_configs():
    topic = make_topic("configs", cleanup_policy="compact")

    def config(name):
        return only(admin.describe_configs([ConfigResource(ResourceType.TOPIC, topic)]))[name]

    def alter(name, value, operation):
        entry = ConfigEntry(name, value, incremental_operation=operation)
        change = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=[entry])
        only(admin.incremental_alter_configs([change]))

    assert config("retention.ms").value == "604800000"
    alter("retention.ms", "3600000", AlterConfigOpType.SET)
    assert config("retention.ms").value == "3600000"
    assert config("retention.ms").source == ConfigSource.DYNAMIC_TOPIC_CONFIG.value
    assert config("cleanup.policy").value == "compact"

    alter("cleanup.policy", "delete", AlterConfigOpType.APPEND)
    assert config("cleanup.policy").value == "compact,delete"
    alter("cleanup.policy", "compact", AlterConfigOpType.SUBTRACT)
    assert config("cleanup.policy").value == "delete"
    alter("retention.ms", None, AlterConfigOpType.DELETE)
    assert config("retention.ms").value == "604800000"
    assert refused_with(KafkaError.INVALID_CONFIG, lambda: alter("no.such", "1", AlterConfigOpType.SET))

    controller = admin.describe_cluster().result(DEADLINE_S).controller.id
    assert only(admin.describe_configs([ConfigResource(ResourceType.BROKER, str(controller))]))
