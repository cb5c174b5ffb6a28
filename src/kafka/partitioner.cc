#include "kafka/partitioner.h"

#include <cassert>
#include <cstddef>

namespace omashu::kafka {

uint32_t murmur2(std::string_view bytes) {
  constexpr uint32_t kSeed = 0x9747b28c;
  constexpr uint32_t kMultiplier = 0x5bd1e995;
  const auto byte = [bytes](size_t at) { return uint32_t{static_cast<unsigned char>(bytes[at])}; };

  uint32_t hash = kSeed ^ static_cast<uint32_t>(bytes.size());
  size_t at = 0;
  for (; bytes.size() - at >= 4; at += 4) {
    uint32_t word = byte(at) | byte(at + 1) << 8 | byte(at + 2) << 16 | byte(at + 3) << 24;
    word *= kMultiplier;
    word ^= word >> 24;
    word *= kMultiplier;
    hash = hash * kMultiplier ^ word;
  }
  if (at < bytes.size()) {
    for (size_t tail = bytes.size(); tail > at; --tail) hash ^= byte(tail - 1) << 8 * (tail - 1 - at);
    hash *= kMultiplier;
  }
  hash ^= hash >> 13;
  hash *= kMultiplier;
  hash ^= hash >> 15;
  return hash;
}

PartitionId partition_of(std::string_view key, int partitions) {
  assert(partitions >= 1);
  return static_cast<PartitionId>(murmur2(key) & 0x7fffffff) % partitions;
}

}  // namespace omashu::kafka
