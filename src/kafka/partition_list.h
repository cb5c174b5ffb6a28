// librdkafka's list of partitions with offsets. Private to this folder.

#pragma once

#include <map>
#include <memory>
#include <vector>

#include "kafka/types.h"

struct rd_kafka_topic_partition_list_s;

namespace omashu::kafka {

struct PartitionListDeleter {
  void operator()(rd_kafka_topic_partition_list_s* list) const;
};
using PartitionListPtr = std::unique_ptr<rd_kafka_topic_partition_list_s, PartitionListDeleter>;

PartitionListPtr make_partition_list(const std::map<TopicPartition, Offset>& offsets);

std::vector<TopicPartition> partitions_in(const rd_kafka_topic_partition_list_s& list);

}  // namespace omashu::kafka
