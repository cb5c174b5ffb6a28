package main

import (
	"context"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kmsg"
)

func checkTopics(ctx context.Context) {
	admin := admin()
	topic := makeTopic(ctx, "topics", 4, nil)
	_, err := admin.CreateTopic(ctx, 4, 1, nil, topic)
	requireError(err, "TOPIC_ALREADY_EXISTS")
	_, err = admin.CreateTopic(ctx, 1, 1, nil, "not a name")
	requireError(err, "INVALID_TOPIC_EXCEPTION")
	_, err = admin.CreateTopic(ctx, 1, 1, map[string]*string{"cleanup.policy": kadm.StringPtr("nonsense")}, "go-refused")
	requireError(err, "INVALID_CONFIG")

	listed := must(admin.ListTopics(ctx))
	require(listed.Has(topic) && !listed.Has("go-refused"), "listed: %v", listed.Names())
	requireEqual("partitions", len(listed[topic].Partitions), 4)
	for _, partition := range listed[topic].Partitions.Sorted() {
		requireEqual("leader", partition.Leader, must(admin.BrokerMetadata(ctx)).Controller)
	}

	require(must(admin.UpdatePartitions(ctx, 6, topic)).Error() == nil, "six partitions were refused")
	requireEqual("partitions", len(must(admin.ListTopics(ctx, topic))[topic].Partitions), 6)
	requireError(must(admin.UpdatePartitions(ctx, 3, topic)).Error(), "INVALID_PARTITIONS")

	must(admin.DeleteTopic(ctx, topic))
	requireError(must(admin.ListTopics(ctx, topic)).Error(), "UNKNOWN_TOPIC_OR_PARTITION")
}

func configOf(ctx context.Context, admin *kadm.Client, topic, name string) *kadm.Config {
	resource := must(must(admin.DescribeTopicConfigs(ctx, topic)).On(topic, nil))
	for _, config := range resource.Configs {
		if config.Key == name {
			return &config
		}
	}
	panic(failure("no config " + name))
}

func checkConfigs(ctx context.Context) {
	admin := admin()
	topic := makeTopic(ctx, "configs", 1, map[string]*string{"cleanup.policy": kadm.StringPtr("compact")})
	requireEqual("default", configOf(ctx, admin, topic, "retention.ms").MaybeValue(), "604800000")

	alter := func(change kadm.AlterConfig) error {
		return must(must(admin.AlterTopicConfigs(ctx, []kadm.AlterConfig{change}, topic)).On(topic, nil)).Err
	}
	require(alter(kadm.AlterConfig{Op: kadm.SetConfig, Name: "retention.ms", Value: kadm.StringPtr("3600000")}) == nil,
		"retention.ms was refused")
	retention := configOf(ctx, admin, topic, "retention.ms")
	requireEqual("altered", retention.MaybeValue(), "3600000")
	requireEqual("source", retention.Source, kmsg.ConfigSourceDynamicTopicConfig)
	requireEqual("kept", configOf(ctx, admin, topic, "cleanup.policy").MaybeValue(), "compact")

	appended := kadm.AlterConfig{Op: kadm.AppendConfig, Name: "cleanup.policy", Value: kadm.StringPtr("delete")}
	require(alter(appended) == nil, "the second policy was refused")
	requireEqual("appended", configOf(ctx, admin, topic, "cleanup.policy").MaybeValue(), "compact,delete")
	require(alter(kadm.AlterConfig{Op: kadm.DeleteConfig, Name: "retention.ms"}) == nil, "the default was refused")
	requireEqual("default again", configOf(ctx, admin, topic, "retention.ms").MaybeValue(), "604800000")
	requireError(alter(kadm.AlterConfig{Op: kadm.SetConfig, Name: "no.such", Value: kadm.StringPtr("1")}), "INVALID_CONFIG")

	broker := must(admin.DescribeBrokerConfigs(ctx, must(admin.BrokerMetadata(ctx)).Controller))
	require(len(broker) == 1 && len(broker[0].Configs) > 0, "the broker's configs: %v", broker)
}
