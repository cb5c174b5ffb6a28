"""A second member takes its half, reads it, leaves, and the first has everything again."""

from confluent_kafka import Consumer, ConsumerGroupState

from kafka import DEADLINE_S, SERVERS, admin, make_topic, only, produce, until

PARTITIONS = 4
POLL_S = 0.05


class Member:
    def __init__(self, group, topic, strategy):
        self.read = 0
        self.consumer = Consumer(
            SERVERS
            | {
                "group.id": group,
                "auto.offset.reset": "earliest",
                "partition.assignment.strategy": strategy,
                "heartbeat.interval.ms": 100,  # how soon a member hears of a rebalance; the default is 3 s
            }
        )
        self.consumer.subscribe([topic])

    def poll(self):
        message = self.consumer.poll(POLL_S)
        if message is not None:
            assert not message.error(), message.error()
            self.read += 1

    def owned(self):
        return len(self.consumer.assignment())


def check_rebalance(strategy):
    topic = make_topic(f"groups-{strategy}", PARTITIONS)
    group = topic

    def described():
        return only(admin.describe_consumer_groups([group]))

    first = Member(group, topic, strategy)
    until("the first member owns all", lambda: first.owned() == PARTITIONS, first.poll)
    second = Member(group, topic, strategy)

    def poll_both():
        first.poll()
        second.poll()

    until("each owns two", lambda: (first.owned(), second.owned()) == (2, 2), poll_both)
    until("the group is stable", lambda: described().state == ConsumerGroupState.STABLE, poll_both)
    assert described().partition_assignor == strategy
    assert len(described().members) == 2

    produce(topic, [{"partition": partition, "value": "one"} for partition in range(PARTITIONS)])
    until("each reads two", lambda: (first.read, second.read) == (2, 2), poll_both)

    second.consumer.close()
    until("the first owns all again", lambda: first.owned() == PARTITIONS, first.poll)
    first.consumer.close()
    assert described().state == ConsumerGroupState.EMPTY
    return group


def check_groups():
    groups = {check_rebalance(strategy) for strategy in ["range", "roundrobin", "cooperative-sticky"]}
    listed = admin.list_consumer_groups().result(DEADLINE_S)
    assert groups <= {group.group_id for group in listed.valid}, listed.valid
