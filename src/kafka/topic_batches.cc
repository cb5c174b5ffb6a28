#include "kafka/topic_batches.h"

#include <algorithm>

namespace omashu::kafka {

size_t metadata_records(const NewTopic& topic) {
  return 1 + static_cast<size_t>(std::max(topic.partitions, 1)) + topic.configs.size();
}

std::vector<size_t> create_batch_sizes(std::span<const NewTopic> topics) {
  std::vector<size_t> sizes;
  size_t records = 0;
  for (const NewTopic& topic : topics) {
    const size_t more = metadata_records(topic);
    if (sizes.empty() || records + more > kMaxMetadataRecords) {
      sizes.push_back(0);
      records = 0;
    }
    ++sizes.back();
    records += more;
  }
  return sizes;
}

}  // namespace omashu::kafka
