// A line for each topic.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kafka/admin.h"
#include "kafka/group_admin.h"
#include "kafka/partition_sizes.h"

namespace omashu::inspect {

struct TopicSummary {
  kafka::TopicDescription description;
  kafka::TopicConfigs configs;               // cleanup.policy and retention.ms; empty where the user may not see them
  std::optional<kafka::PartitionSize> size;  // of all partitions
  std::optional<int64_t> offsets;            // between their beginnings and ends, where those were asked for
};

struct TopicSummaries {
  std::vector<TopicSummary> topics;   // by name
  std::vector<std::string> warnings;  // what could not be had
};

// Asks each question once for all topics; the offsets where `groups` is given.
TopicSummaries observe_topic_list(kafka::Admin& admin, kafka::GroupAdmin* groups,
                                  std::vector<kafka::TopicDescription> topics);

}  // namespace omashu::inspect
