// All that there is to tell of a topic: partitions, settings, sizes, the newest record, and the groups that read it.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "inspect/group_lag.h"
#include "kafka/admin.h"
#include "kafka/consumer.h"
#include "kafka/group_admin.h"
#include "kafka/partition_sizes.h"

namespace omashu::inspect {

// Offsets of a partition without a leader are not known.
struct TopicReport {
  struct Offsets {
    std::optional<kafka::Offset> begin;
    std::optional<kafka::Offset> end;
  };
  struct NewestRecord {
    kafka::PartitionId partition = 0;
    kafka::Offset offset = 0;
    int64_t timestamp_ms = 0;
  };
  struct Reader {
    std::string group;
    std::string state;
    size_t members = 0;              // that have a partition of this topic
    int64_t lag = 0;                 // over the partitions of this topic
    std::vector<PartitionLag> lags;  // of the partitions of this topic
  };

  kafka::TopicDescription description;
  kafka::TopicConfigs configs;
  std::map<kafka::PartitionId, Offsets> offsets;
  std::map<kafka::PartitionId, kafka::PartitionSize> sizes;  // those that are known
  std::optional<NewestRecord> newest;                        // the one with the greatest timestamp
  std::vector<Reader> readers;
};

struct TopicReports {
  std::vector<TopicReport> reports;   // in the order of the topics
  std::vector<std::string> warnings;  // what could not be had
};

// What the questions are put to.
struct TopicSources {
  kafka::Admin& admin;
  kafka::GroupAdmin& groups;
  std::function<Result<std::unique_ptr<kafka::Consumer>>()> open_consumer;  // for brokers before Kafka 3.0
  std::chrono::milliseconds timeout;
};

// Asks each question once for all topics.
TopicReports observe_topics(const TopicSources& sources, std::vector<kafka::TopicDescription> topics);

// The sum over its partitions; nothing where one of them is not known.
std::optional<kafka::PartitionSize> total_size(const TopicReport& report);

// The offsets between the beginning and the end of each partition: as many as there are records, but for those that
// compaction took and for the marks of transactions.
int64_t offset_count(const TopicReport& report);

}  // namespace omashu::inspect
