// The settings of topics and of the broker as DescribeConfigs tells them: each with its value, where that comes from,
// and the values that would count in its place.

#pragma once

#include <vector>

#include "broker/config/broker_configs.h"
#include "broker/protocol/32_describe_configs.h"
#include "broker/topic/log_configs.h"

namespace omashu::broker {

// Every setting that a topic can have, those that it sets itself being `configs`.
std::vector<DescribeConfigsResponse::Config> described_topic_configs(const BrokerConfigs& broker,
                                                                     const TopicConfigs& configs);

std::vector<DescribeConfigsResponse::Config> described_broker_configs(const BrokerConfigs& broker);

// What is set for all brokers at run time, and nothing else, as in Kafka.
std::vector<DescribeConfigsResponse::Config> described_cluster_configs(const BrokerConfigs& broker);

}  // namespace omashu::broker
