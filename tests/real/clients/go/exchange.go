// Lines of text become records, and records lines: KEY TAB VALUE.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"
)

// By the numbers that batches carry.
var codecs = []struct {
	name  string
	codec kgo.CompressionCodec
}{
	{"none", kgo.NoCompression()},
	{"gzip", kgo.GzipCompression()},
	{"snappy", kgo.SnappyCompression()},
	{"lz4", kgo.Lz4Compression()},
	{"zstd", kgo.ZstdCompression()},
}

func codecNamed(name string) kgo.CompressionCodec {
	for _, known := range codecs {
		if known.name == name {
			return known.codec
		}
	}
	panic(failure("no codec " + name))
}

func inputLines() (lines [][]string) {
	scanner := bufio.NewScanner(os.Stdin)
	for scanner.Scan() {
		lines = append(lines, strings.Split(scanner.Text(), "\t"))
	}
	return lines
}

func produce(ctx context.Context, client *kgo.Client, records ...*kgo.Record) {
	if err := client.ProduceSync(ctx, records...).FirstErr(); err != nil {
		panic(failure(err.Error()))
	}
}

func write(ctx context.Context, topic, codec string) {
	client := connect(kgo.ProducerBatchCompression(codecNamed(codec)))
	var records []*kgo.Record
	for _, line := range inputLines() {
		records = append(records, &kgo.Record{Topic: topic, Key: []byte(line[0]), Value: []byte(line[1])})
	}
	produce(ctx, client, records...)
}

// The first `count` records of the topics from their start.
func fetch(ctx context.Context, count int, topics ...string) []*kgo.Record {
	client := connect(kgo.ConsumeTopics(topics...))
	defer client.Close()
	var records []*kgo.Record
	for len(records) < count {
		fetches := client.PollFetches(ctx)
		require(fetches.Err() == nil, "after %d of %d records: %v", len(records), count, fetches.Err())
		records = append(records, fetches.Records()...)
	}
	requireEqual("records", len(records), count)
	return records
}

func read(ctx context.Context, count string, topics []string) {
	for _, record := range fetch(ctx, must(strconv.Atoi(count)), topics...) {
		fmt.Printf("%s\t%s\n", record.Key, record.Value)
	}
}

// The codec that all batches of the topic have.
func printCodec(ctx context.Context, count, topic string) {
	records := fetch(ctx, must(strconv.Atoi(count)), topic)
	codec := records[0].Attrs.CompressionType()
	for _, record := range records {
		requireEqual("codec", record.Attrs.CompressionType(), codec)
	}
	fmt.Println(codecs[codec].name)
}
