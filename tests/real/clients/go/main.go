// franz-go on the servers that the environment names: see ../README.md for the commands.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

const deadline = 60 * time.Second

var subjects = map[string]func(context.Context){
	"topics":  checkTopics,
	"configs": checkConfigs,
	"records": checkRecords,
	"groups":  checkGroups,
	"offsets": checkOffsets,
	"deletes": checkDeletes,
	"schemas": checkSchemas,
}

// What does not hold ends the program; main says what it was.
type failure string

func require(holds bool, format string, arguments ...any) {
	if !holds {
		panic(failure(fmt.Sprintf(format, arguments...)))
	}
}

func must[T any](value T, err error) T {
	require(err == nil, "%T: %v", value, err)
	return value
}

func requireError(err error, words string) {
	require(err != nil && strings.Contains(err.Error(), words), "wanted %s, got %v", words, err)
}

func requireEqual[T comparable](what string, got, wanted T) {
	require(got == wanted, "%s: wanted %v, got %v", what, wanted, got)
}

func connect(options ...kgo.Opt) *kgo.Client {
	seed := kgo.SeedBrokers(os.Getenv("KAFKA_BOOTSTRAP_SERVERS"))
	return must(kgo.NewClient(append([]kgo.Opt{seed}, options...)...))
}

func admin() *kadm.Client { return kadm.NewClient(connect()) }

// A topic of this client's own.
func makeTopic(ctx context.Context, name string, partitions int32, configs map[string]*string) string {
	topic := "go-" + name
	must(admin().CreateTopic(ctx, partitions, 1, configs, topic))
	return topic
}

func run(ctx context.Context, arguments []string) {
	require(len(arguments) >= 2, "a command and what it needs: see README.md")
	switch arguments[0] {
	case "check":
		check, known := subjects[arguments[1]]
		require(known, "no subject %s", arguments[1])
		check(ctx)
	case "write":
		write(ctx, arguments[1], arguments[2])
	case "read":
		read(ctx, arguments[1], arguments[2:])
	case "write-avro":
		writeAvro(ctx, arguments[1])
	case "read-avro":
		readAvro(ctx, arguments[1], arguments[2])
	case "codec":
		printCodec(ctx, arguments[1], arguments[2])
	case "await-group":
		awaitGroup(ctx, arguments[1], must(strconv.Atoi(arguments[2])))
	default:
		require(false, "no command %s", arguments[0])
	}
}

func main() {
	defer func() {
		if failed, is := recover().(failure); is {
			fmt.Fprintln(os.Stderr, failed)
			os.Exit(1)
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	run(ctx, os.Args[1:])
}
