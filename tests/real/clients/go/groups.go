package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// How soon a member hears of a rebalance: the default of 3 s would be waited for again and again.
const heartbeatInterval = 100 * time.Millisecond

// One member of a group: it polls until it is closed, and says what it owns and what it has read.
type member struct {
	client *kgo.Client
	group  *members
	owned  map[int32]bool
	read   int
}

type members struct {
	mutex   sync.Mutex
	changed chan struct{} // a hint to look again
}

func (group *members) update(change func()) {
	group.mutex.Lock()
	change()
	group.mutex.Unlock()
	select {
	case group.changed <- struct{}{}:
	default:
	}
}

func (group *members) await(ctx context.Context, what string, holds func() bool) {
	for {
		group.mutex.Lock()
		held := holds()
		group.mutex.Unlock()
		if held {
			return
		}
		select {
		case <-group.changed:
		case <-ctx.Done():
			panic(failure("in vain: " + what))
		}
	}
}

func (group *members) join(ctx context.Context, name, topic string, options ...kgo.Opt) *member {
	joined := &member{group: group, owned: map[int32]bool{}}
	own := func(owns bool) func(context.Context, *kgo.Client, map[string][]int32) {
		return func(_ context.Context, _ *kgo.Client, partitions map[string][]int32) {
			group.update(func() {
				for _, partition := range partitions[topic] {
					if owns {
						joined.owned[partition] = true
					} else {
						delete(joined.owned, partition)
					}
				}
			})
		}
	}
	joined.client = connect(append(options, kgo.ConsumerGroup(name), kgo.ConsumeTopics(topic), kgo.HeartbeatInterval(heartbeatInterval),
		kgo.OnPartitionsAssigned(own(true)), kgo.OnPartitionsRevoked(own(false)), kgo.OnPartitionsLost(own(false)))...)
	go func() {
		for {
			fetches := joined.client.PollFetches(ctx)
			if fetches.IsClientClosed() || ctx.Err() != nil {
				return
			}
			group.update(func() { joined.read += fetches.NumRecords() })
		}
	}()
	return joined
}

// A second member takes its half, reads it, leaves, and the first has everything again.
func checkRebalance(ctx context.Context, balancer kgo.GroupBalancer, options ...kgo.Opt) {
	name := "groups-" + balancer.ProtocolName()
	topic := makeTopic(ctx, name, 4, nil)
	group := &members{changed: make(chan struct{}, 1)}
	options = append(options, kgo.Balancers(balancer))
	first := group.join(ctx, name, topic, options...)
	group.await(ctx, "the first member owns all", func() bool { return len(first.owned) == 4 })
	second := group.join(ctx, name, topic, options...)
	group.await(ctx, "each owns two", func() bool { return len(first.owned) == 2 && len(second.owned) == 2 })

	described := must(admin().DescribeGroups(ctx, name))[name]
	requireEqual("state", described.State, "Stable")
	requireEqual("protocol", described.Protocol, balancer.ProtocolName())
	requireEqual("members", len(described.Members), 2)

	producer := connect(kgo.RecordPartitioner(kgo.ManualPartitioner()))
	for partition := range int32(4) {
		produce(ctx, producer, &kgo.Record{Topic: topic, Partition: partition, Value: []byte(fmt.Sprint(partition))})
	}
	group.await(ctx, "each reads two", func() bool { return first.read == 2 && second.read == 2 })

	second.client.Close()
	group.await(ctx, "the first owns all again", func() bool { return len(first.owned) == 4 })
	first.client.Close()
	requireEqual("state", must(admin().DescribeGroups(ctx, name))[name].State, "Empty")
}

func checkGroups(ctx context.Context) {
	for _, balancer := range []kgo.GroupBalancer{
		kgo.RangeBalancer(), kgo.RoundRobinBalancer(), kgo.StickyBalancer(), kgo.CooperativeStickyBalancer(),
	} {
		checkRebalance(ctx, balancer)
	}
	listed := must(admin().ListGroups(ctx))
	for _, name := range []string{"range", "roundrobin", "sticky", "cooperative-sticky"} {
		_, is := listed["groups-"+name]
		require(is, "groups-%s is not among %v", name, listed.Groups())
	}
	checkStaticMember(ctx)
}

// A static member that comes back within its session gets what it had, and nobody rebalances.
func checkStaticMember(ctx context.Context) {
	topic := makeTopic(ctx, "groups-static", 2, nil)
	group := &members{changed: make(chan struct{}, 1)}
	first := group.join(ctx, topic, topic, kgo.InstanceID("one"))
	second := group.join(ctx, topic, topic, kgo.InstanceID("two"))
	group.await(ctx, "each owns one", func() bool { return len(first.owned) == 1 && len(second.owned) == 1 })
	_, generation := first.client.GroupMetadata()
	second.client.Close() // does not leave: its session goes on
	again := group.join(ctx, topic, topic, kgo.InstanceID("two"))
	group.await(ctx, "it has its partition again", func() bool { return len(again.owned) == 1 })
	_, after := first.client.GroupMetadata()
	requireEqual("generation", after, generation)
	first.client.Close()
	again.client.Close()
}
