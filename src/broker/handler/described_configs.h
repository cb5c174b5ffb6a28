// The settings of topics and of the broker as DescribeConfigs tells them: each with its value, where that comes from,
// and the values that would count in its place.

#pragma once

#include <vector>

#include "broker/config/broker_configs.h"
#include "broker/protocol/32_describe_configs.h"
#include "broker/topic/log_configs.h"

namespace omashu::broker {

// Every setting that a topic can have. What topics have in common is looked up once, for as many as a request names.
class DescribedTopicConfigs {
 public:
  explicit DescribedTopicConfigs(const BrokerConfigs& broker);

  // Of a topic that sets these itself.
  std::vector<DescribeConfigsResponse::Config> of(const TopicConfigs& configs) const;

 private:
  std::vector<DescribeConfigsResponse::Config> defaults_;
};

std::vector<DescribeConfigsResponse::Config> described_broker_configs(const BrokerConfigs& broker);

// What is set for all brokers at run time, and nothing else, as in Kafka.
std::vector<DescribeConfigsResponse::Config> described_cluster_configs(const BrokerConfigs& broker);

}  // namespace omashu::broker
