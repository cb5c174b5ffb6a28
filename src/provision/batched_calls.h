// Kafka's administrative calls in batches that a controller takes. The answers keep the brokers' own words.

#pragma once

#include <span>
#include <string>
#include <vector>

#include "kafka/admin.h"

namespace omashu::provision {

// One answer for each item, in their order.
std::vector<Result<void>> create_topics(kafka::Admin& admin, std::span<const kafka::NewTopic> topics,
                                        bool validate_only);
std::vector<Result<void>> create_partitions(kafka::Admin& admin, std::span<const kafka::Admin::NewPartitions> topics,
                                            bool validate_only);
std::vector<Result<void>> alter_configs(kafka::Admin& admin, std::span<const kafka::ConfigChange> changes,
                                        bool validate_only);
std::vector<Result<void>> delete_topics(kafka::Admin& admin, std::span<const std::string> topics);

}  // namespace omashu::provision
