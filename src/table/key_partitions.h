// In which partitions a key can be.

#pragma once

#include <set>
#include <span>
#include <string>

#include "kafka/types.h"

namespace omashu::table {

// Where Java's partitioner (murmur2; omashu's too) and that of librdkafka's clients at their defaults (CRC-32: Python,
// C and others) put the encodings. A writer that chooses partitions itself may have put the key elsewhere.
std::set<kafka::PartitionId> partitions_of_key(std::span<const std::string> encodings, int partition_count);

}  // namespace omashu::table
