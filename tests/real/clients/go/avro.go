package main

import (
	"context"
	"fmt"
	"os"
	"strconv"

	"github.com/hamba/avro/v2"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sr"
)

type downloadKey struct {
	OmashuID string `avro:"omashuId"`
}

type downloadStatus struct {
	OmashuID   string  `avro:"omashuId"`
	Status     string  `avro:"status"`
	BytesSoFar int64   `avro:"bytesSoFar"`
	Reason     *string `avro:"reason"`
}

func registry() *sr.Client { return must(sr.NewClient(sr.URLs(os.Getenv("SCHEMA_REGISTRY_URL")))) }

func schemaText(name string) string {
	return string(must(os.ReadFile(os.Getenv("CLIENT_SCHEMAS") + "/" + name + ".avsc")))
}

// How records of one type are written and read, by the id of a schema in the registry.
func bind[T any](serde *sr.Serde, id int, text string) {
	schema := must(avro.Parse(text))
	var example T
	serde.Register(id, example,
		sr.EncodeFn(func(value any) ([]byte, error) { return avro.Marshal(schema, value) }),
		sr.DecodeFn(func(bytes []byte, value any) error { return avro.Unmarshal(schema, bytes, value) }))
}

func writeAvro(ctx context.Context, topic string) {
	var serde sr.Serde
	registered := func(subject, text string) int {
		return must(registry().CreateSchema(ctx, subject, sr.Schema{Schema: text})).ID
	}
	key, value := schemaText("key"), schemaText("value")
	bind[downloadKey](&serde, registered(topic+"-key", key), key)
	bind[downloadStatus](&serde, registered(topic+"-value", value), value)

	client := connect()
	for _, line := range inputLines() {
		status := downloadStatus{OmashuID: line[0], Status: line[1], BytesSoFar: must(strconv.ParseInt(line[2], 10, 64))}
		if line[3] != "" {
			status.Reason = &line[3]
		}
		produce(ctx, client, &kgo.Record{
			Topic: topic,
			Key:   must(serde.Encode(downloadKey{line[0]})),
			Value: must(serde.Encode(status)),
		})
	}
}

func readAvro(ctx context.Context, count, topic string) {
	var serde sr.Serde
	known := map[int]bool{}
	learn := func(bytes []byte, bindTo func(*sr.Serde, int, string)) {
		id, _, err := serde.DecodeID(bytes)
		require(err == nil, "no framing: %v", err)
		if !known[id] {
			bindTo(&serde, id, must(registry().SchemaByID(ctx, id)).Schema)
			known[id] = true
		}
	}
	for _, record := range fetch(ctx, must(strconv.Atoi(count)), topic) {
		learn(record.Key, bind[downloadKey])
		learn(record.Value, bind[downloadStatus])
		key := must(serde.DecodeNew(record.Key)).(*downloadKey)
		status := must(serde.DecodeNew(record.Value)).(*downloadStatus)
		requireEqual("the key", key.OmashuID, status.OmashuID)
		reason := ""
		if status.Reason != nil {
			reason = *status.Reason
		}
		fmt.Printf("%s\t%s\t%d\t%s\n", status.OmashuID, status.Status, status.BytesSoFar, reason)
	}
}
