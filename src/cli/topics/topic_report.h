// What `omashu topics` tells of topics: as tables for people, as JSON for programs.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "kafka/admin.h"
#include "kafka/types.h"

namespace omashu::cli {

// A row of `topics list`. Settings are null where the broker did not tell them.
json::Value topic_row(const kafka::TopicDescription& topic, const kafka::TopicConfigs& configs);

struct TextRows {
  std::vector<std::string> titles;
  std::vector<std::vector<std::string>> rows;
};

// All of one topic. Offsets of a partition without a leader are not known.
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
    size_t members = 0;
    int64_t lag = 0;  // over the partitions of this topic
  };

  kafka::TopicDescription description;
  kafka::TopicConfigs configs;
  std::map<kafka::PartitionId, Offsets> offsets;
  std::optional<NewestRecord> newest;  // the one with the greatest timestamp
  std::vector<Reader> readers;
};

std::string topic_summary(const TopicReport& report);  // two lines
TextRows partition_rows(const TopicReport& report);
TextRows config_rows(const TopicReport& report);  // of settings that are not Kafka's default
TextRows reader_rows(const TopicReport& report);
json::Value topic_report_json(const TopicReport& report);

}  // namespace omashu::cli
