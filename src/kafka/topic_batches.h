// How many topics one CreateTopics carries. Private to this folder.

#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "kafka/admin.h"

namespace omashu::kafka {

// Kafka's controller writes a request's metadata records as one batch and refuses 10,000 and more: a record for each
// topic, each of its partitions and each of its settings.
constexpr size_t kMaxMetadataRecords = 9'999;

size_t metadata_records(const NewTopic& topic);

// How many topics, one after the other, go into each request. One that is too large for any stands alone, for the
// broker to refuse.
std::vector<size_t> create_batch_sizes(std::span<const NewTopic> topics);

}  // namespace omashu::kafka
