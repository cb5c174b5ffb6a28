// NATS KV, server and client in one process, with its files on the disk: what bench/serve compares the tables with.
//
//	nats FOLDER ROUND_SECONDS
//
// Prints a line for each figure: its name, a blank, and a number. Values have 120 bytes; 32 requests are in flight, each
// of a goroutine that asks, waits, and asks again.
package main

import (
	"context"
	"fmt"
	"log"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	keyCount  = 100_000
	inFlight  = 32
	watchRate = 2_000 // writes a second
)

type store struct {
	server *server.Server
	client *nats.Conn
	bucket jetstream.KeyValue
}

func open(folder string) store {
	ctx := context.Background()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: folder, NoSigs: true})
	check(err)
	go s.Start()
	if !s.ReadyForConnections(time.Minute) {
		log.Fatal("NATS did not start")
	}
	client, err := nats.Connect(s.ClientURL())
	check(err)
	js, err := jetstream.New(client)
	check(err)
	bucket, err := js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: "status", Storage: jetstream.FileStorage})
	check(err)
	return store{s, client, bucket}
}

func (s store) close() {
	s.client.Close()
	s.server.Shutdown()
	s.server.WaitForShutdown()
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func key(i int) string { return "om-" + strconv.Itoa(i) }

func value(i int) []byte {
	text := fmt.Sprintf(`{"omashuId":"om-%d","status":"RUNNING","bytesSoFar":%d,"bytesTotal":104857600,"updatedAt":1764500000000,"pad":"`, i, rand.Intn(1e8))
	for len(text) < 118 {
		text += "x"
	}
	return []byte(text + `"}`)
}

// flight has `work` done over and over by 32 goroutines for the time, and prints how often, and how long one took.
func flight(name string, seconds float64, work func(*rand.Rand) error) {
	var waiting sync.WaitGroup
	took := make([][]time.Duration, inFlight)
	begin := time.Now()
	end := begin.Add(time.Duration(seconds * float64(time.Second)))
	for g := range inFlight {
		waiting.Add(1)
		go func() {
			defer waiting.Done()
			random := rand.New(rand.NewSource(int64(g)))
			for now := time.Now(); now.Before(end); {
				check(work(random))
				after := time.Now()
				took[g] = append(took[g], after.Sub(now))
				now = after
			}
		}()
	}
	waiting.Wait()
	all := slices.Concat(took...)
	report(name+"_per_second", float64(len(all))/time.Since(begin).Seconds())
	percentiles(name, all)
}

func percentiles(name string, took []time.Duration) {
	slices.Sort(took)
	report(name+"_p50_ms", took[len(took)/2].Seconds()*1e3)
	report(name+"_p99_ms", took[len(took)*99/100].Seconds()*1e3)
}

func report(name string, number float64) { fmt.Printf("%s %.3f\n", name, number) }

// watch writes at a steady rate and takes the time from each acknowledgement until a watcher has the value.
func watch(s store, seconds float64) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	watcher, err := s.bucket.WatchAll(ctx, jetstream.UpdatesOnly())
	check(err)
	var mutex sync.Mutex
	acknowledged, heard := map[uint64]time.Time{}, map[uint64]time.Time{}
	total := int(seconds * watchRate)
	done := make(chan struct{})
	go func() {
		for entry := range watcher.Updates() {
			if entry == nil {
				continue
			}
			now := time.Now()
			mutex.Lock()
			heard[entry.Revision()] = now
			last := len(heard) == total
			mutex.Unlock()
			if last {
				close(done)
				return
			}
		}
	}()
	var writers sync.WaitGroup
	begin := time.Now()
	for i := range total {
		time.Sleep(time.Until(begin.Add(time.Duration(i) * time.Second / watchRate)))
		writers.Add(1)
		go func() {
			defer writers.Done()
			revision, err := s.bucket.Put(ctx, key(i%keyCount), value(i))
			check(err)
			now := time.Now()
			mutex.Lock()
			acknowledged[revision] = now
			mutex.Unlock()
		}()
	}
	writers.Wait()
	<-done
	var took []time.Duration
	for revision, at := range acknowledged {
		took = append(took, max(heard[revision].Sub(at), 0))
	}
	percentiles("watch", took)
}

func main() {
	seconds, err := strconv.ParseFloat(os.Args[2], 64)
	check(err)
	folder := filepath.Join(os.Args[1], "nats")
	s := open(folder)
	ctx := context.Background()
	// Every key is there before anything is measured.
	var filling sync.WaitGroup
	for g := range inFlight {
		filling.Add(1)
		go func() {
			defer filling.Done()
			for i := g; i < keyCount; i += inFlight {
				_, err := s.bucket.Put(ctx, key(i), value(i))
				check(err)
			}
		}()
	}
	filling.Wait()
	flight("get", seconds, func(random *rand.Rand) error {
		_, err := s.bucket.Get(ctx, key(random.Intn(keyCount)))
		return err
	})
	flight("put", seconds, func(random *rand.Rand) error {
		i := random.Intn(keyCount)
		_, err := s.bucket.Put(ctx, key(i), value(i))
		return err
	})
	watch(s, seconds)
	s.close()
	begin := time.Now()
	s = open(folder)
	_, err = s.bucket.Get(ctx, key(keyCount/2))
	check(err)
	report("restart_to_first_get_ms", time.Since(begin).Seconds()*1e3)
	s.close()
}
