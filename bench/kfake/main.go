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
	"github.com/twmb/franz-go/pkg/kversion"
)

func main() {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.MaxVersions(kversion.V3_6_0()))
	if err != nil {
		log.Fatal(err)
	}
	defer cluster.Close()
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
