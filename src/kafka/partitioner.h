// Where Java's producer puts a key: omashu's writers and readers of tables rely on the same answer.

#pragma once

#include <cstdint>
#include <string_view>

#include "kafka/types.h"

namespace omashu::kafka {

// MurmurHash2 with the seed and the tail handling of Kafka's Java client.
uint32_t murmur2(std::string_view bytes);

// toPositive(murmur2(key)) % partitions, as Java's default partitioner has it. `partitions` is at least 1.
PartitionId partition_of(std::string_view key, int partitions);

}  // namespace omashu::kafka
