package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Waits until the group, whoever is in it, is stable with so many members, and prints how many partitions each has.
func awaitGroup(ctx context.Context, name string, count int) {
	admin := admin()
	for {
		described := must(admin.DescribeGroups(ctx, name))[name]
		if described.State == "Stable" && len(described.Members) == count {
			var owned []int
			for _, member := range described.Members {
				partitions := 0
				if assigned, is := member.Assigned.AsConsumer(); is {
					for _, topic := range assigned.Topics {
						partitions += len(topic.Partitions)
					}
				}
				owned = append(owned, partitions)
			}
			slices.Sort(owned)
			fmt.Println(owned)
			return
		}
		select {
		case <-time.After(50 * time.Millisecond): // groups tell nobody who is not a member
		case <-ctx.Done():
			panic(failure(fmt.Sprintf("in vain: %d members of %s: %+v", count, name, described)))
		}
	}
}
