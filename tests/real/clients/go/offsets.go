package main

import (
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

func produceNumbers(ctx context.Context, topic string, count int) {
	client := connect()
	for i := range count {
		produce(ctx, client, &kgo.Record{Topic: topic, Value: []byte(fmt.Sprint(i))})
	}
}

// Reads `count` records as the group's only member and commits behind the last; the value of the first.
func readInGroup(ctx context.Context, group, topic string, count int) string {
	client := connect(kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic), kgo.DisableAutoCommit())
	defer client.Close()
	var records []*kgo.Record
	for len(records) < count {
		fetches := client.PollFetches(ctx)
		require(fetches.Err() == nil, "fetch: %v", fetches.Err())
		records = append(records, fetches.Records()...)
	}
	records = records[:count]
	err := client.CommitRecords(ctx, records...)
	require(err == nil, "commit: %v", err)
	return string(records[0].Value)
}

func checkOffsets(ctx context.Context) {
	admin := admin()
	topic := makeTopic(ctx, "offsets", 1, nil)
	group := topic
	produceNumbers(ctx, topic, 10)
	requireEqual("a new group begins with", readInGroup(ctx, group, topic, 4), "0")
	requireEqual("and goes on with", readInGroup(ctx, group, topic, 3), "4")

	lag := must(admin.Lag(ctx, group))[group].Lag[topic][0]
	requireEqual("committed", lag.Commit.At, 7)
	requireEqual("lag", lag.Lag, 3)

	reset := kadm.Offsets{}
	reset.Add(kadm.Offset{Topic: topic, Partition: 0, At: 2, LeaderEpoch: -1, Metadata: "by hand"})
	require(must(admin.CommitOffsets(ctx, group, reset)).Error() == nil, "a commit from outside was refused")
	requireEqual("metadata", must(admin.FetchOffsets(ctx, group))[topic][0].Metadata, "by hand")
	requireEqual("after the reset it goes on with", readInGroup(ctx, group, topic, 1), "2")

	deleted := kadm.TopicsSet{}
	deleted.Add(topic, 0)
	require(must(admin.DeleteOffsets(ctx, group, deleted)).Error() == nil, "the offset was not deleted")
	_, is := must(admin.FetchOffsets(ctx, group)).Lookup(topic, 0)
	require(!is, "the deleted offset is still there")

	requireEqual("start", must(admin.ListStartOffsets(ctx, topic))[topic][0].Offset, 0)
	requireEqual("end", must(admin.ListEndOffsets(ctx, topic))[topic][0].Offset, 10)
}

func checkDeletes(ctx context.Context) {
	admin := admin()
	topic := makeTopic(ctx, "deletes", 1, nil)
	produceNumbers(ctx, topic, 10)

	before := kadm.Offsets{}
	before.AddOffset(topic, 0, 6, -1)
	requireEqual("low watermark", must(admin.DeleteRecords(ctx, before))[topic][0].LowWatermark, 6)
	requireEqual("start", must(admin.ListStartOffsets(ctx, topic))[topic][0].Offset, 6)
	requireEqual("the first record left", fetch(ctx, 4, topic)[0].Offset, 6)
	beyond := kadm.Offsets{}
	beyond.AddOffset(topic, 0, 11, -1)
	requireError(must(admin.DeleteRecords(ctx, beyond)).Error(), "OFFSET_OUT_OF_RANGE")

	group := topic
	member := connect(kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic))
	require(member.PollFetches(ctx).NumRecords() > 0, "the member read nothing")
	_, err := admin.DeleteGroup(ctx, group)
	requireError(err, "NON_EMPTY_GROUP")
	member.Close()
	must(admin.DeleteGroup(ctx, group))
	_, err = admin.DeleteGroup(ctx, group)
	requireError(err, "GROUP_ID_NOT_FOUND")

	must(admin.DeleteTopic(ctx, topic))
	_, err = admin.DeleteTopic(ctx, topic)
	requireError(err, "UNKNOWN_TOPIC_OR_PARTITION")
}
