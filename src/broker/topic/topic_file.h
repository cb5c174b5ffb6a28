// The file topics.json in the data folder: the cluster's id, the topics, and whether there is a broker-configs.json. It
// is small, and replaced as a whole. Its last member is a checksum over the text before it; files that were written
// before there was one are read without.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "broker/log/topic_id.h"
#include "broker/topic/log_configs.h"
#include "omashu/result.h"

namespace omashu::broker {

inline constexpr int32_t kMaxPartitionsOfTopic = 10'000;

struct TopicEntry {
  std::string name;
  TopicId id = {};
  int32_t partitions = 1;
  TopicConfigs configs;

  bool operator==(const TopicEntry&) const = default;
};

struct TopicFile {
  std::string cluster_id;
  std::vector<TopicEntry> topics;
  std::vector<TopicEntry> removing;  // deleted, and their folders may still have their names
  bool has_broker_configs = false;   // broker-configs.json was written

  bool operator==(const TopicFile&) const = default;
};

std::string topic_file_text(const TopicFile& file);

// kCorrupt, with the place, where a value is missing or cannot be, or where the checksum is not that of the text.
Result<TopicFile> parse_topic_file(std::string_view text);

}  // namespace omashu::broker
