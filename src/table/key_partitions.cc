#include "table/key_partitions.h"

#include "kafka/partitioner.h"

namespace omashu::table {

namespace {

// CRC-32 as zlib has it.
uint32_t crc32(std::string_view bytes) {
  uint32_t crc = 0xffffffff;
  for (const char byte : bytes) {
    crc ^= static_cast<uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0u);
  }
  return ~crc;
}

}  // namespace

std::set<kafka::PartitionId> partitions_of_key(std::span<const std::string> encodings, int partition_count) {
  std::set<kafka::PartitionId> partitions;
  for (const std::string& encoding : encodings) {
    partitions.insert(kafka::partition_of(encoding, partition_count));
    partitions.insert(static_cast<kafka::PartitionId>(crc32(encoding) % static_cast<uint32_t>(partition_count)));
  }
  return partitions;
}

}  // namespace omashu::table
