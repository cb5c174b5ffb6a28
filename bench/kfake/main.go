// kfake, franz-go's broker in memory, until its process is ended: what is fast where nothing is kept.
//
//	kfake FILE      writes its address into FILE once it answers
package main

import (
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"
)

// librdkafka compresses only for a broker that takes Produce from version 0 on, though it then sends the newest; Kafka
// offers it for that reason alone (KAFKA-18659), kfake begins with 3.
func offerProduceFromZero(cluster *kfake.Cluster, versions *kversion.Versions) {
	cluster.ControlKey(kmsg.ApiVersions.Int16(), func(request kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		response := request.ResponseKind().(*kmsg.ApiVersionsResponse)
		versions.EachMaxKeyVersion(func(key, version int16) {
			offered := kmsg.NewApiVersionsResponseApiKey()
			offered.ApiKey, offered.MaxVersion = key, version
			response.ApiKeys = append(response.ApiKeys, offered)
		})
		return response, nil, true
	})
}

func main() {
	versions := kversion.V3_6_0()
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.MaxVersions(versions))
	if err != nil {
		log.Fatal(err)
	}
	defer cluster.Close()
	offerProduceFromZero(cluster, versions)
	unfinished := os.Args[1] + ".new"
	if err := os.WriteFile(unfinished, []byte(cluster.ListenAddrs()[0]+"\n"), 0o600); err != nil {
		log.Fatal(err)
	}
	if err := os.Rename(unfinished, os.Args[1]); err != nil {
		log.Fatal(err)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	<-stop
}
