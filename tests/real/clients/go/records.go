package main

import (
	"context"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

func checkRecords(ctx context.Context) {
	topic := makeTopic(ctx, "records", 1, nil)
	start := time.Now().Add(-time.Hour)
	// Idempotent, as franz-go is by default, then with each of the other acks.
	for i, options := range [][]kgo.Opt{
		{},
		{kgo.DisableIdempotentWrite(), kgo.RequiredAcks(kgo.LeaderAck())},
		{kgo.DisableIdempotentWrite(), kgo.RequiredAcks(kgo.NoAck())},
	} {
		client := connect(options...)
		produce(ctx, client, &kgo.Record{
			Topic:     topic,
			Key:       []byte("key"),
			Headers:   []kgo.RecordHeader{{Key: "trace", Value: []byte{0, 255}}, {Key: "trace", Value: nil}},
			Timestamp: start.Add(time.Duration(i) * time.Minute),
		})
		client.Close()
	}
	for i, record := range fetch(ctx, 3, topic) {
		requireEqual("offset", record.Offset, int64(i))
		requireEqual("key", string(record.Key), "key")
		require(record.Value == nil, "a tombstone has the value %q", record.Value)
		require(len(record.Headers) == 2 && string(record.Headers[0].Value) == "\x00\xff" && record.Headers[1].Value == nil,
			"headers: %v", record.Headers)
		requireEqual("timestamp", record.Timestamp.UnixMilli(), start.Add(time.Duration(i)*time.Minute).UnixMilli())
	}
	later := must(admin().ListOffsetsAfterMilli(ctx, start.UnixMilli()+1, topic))
	requireEqual("the first record after the first", later[topic][0].Offset, 1)

	small := makeTopic(ctx, "small", 1, map[string]*string{"max.message.bytes": kadm.StringPtr("1000")})
	client := connect(kgo.ProducerBatchCompression(kgo.NoCompression()))
	large := &kgo.Record{Topic: small, Value: []byte(strings.Repeat("x", 2000))}
	requireError(client.ProduceSync(ctx, large).FirstErr(), "MESSAGE_TOO_LARGE")
	compacted := makeTopic(ctx, "compacted", 1, map[string]*string{"cleanup.policy": kadm.StringPtr("compact")})
	requireError(client.ProduceSync(ctx, &kgo.Record{Topic: compacted, Value: []byte("no key")}).FirstErr(), "INVALID_RECORD")
}
