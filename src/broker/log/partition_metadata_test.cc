#include "broker/log/partition_metadata.h"

#include <gtest/gtest.h>

namespace omashu::broker {
namespace {

constexpr TopicId kId = {0xdd, 0x46, 0x19, 0x75, 0x32, 0xb3, 0x42, 0x50,
                         0xab, 0x9a, 0x13, 0xe5, 0xa9, 0x94, 0x35, 0x47};

constexpr std::string_view kWithoutChecksum = "version: 0\ntopic_id: 3UYZdTKzQlCrmhPlqZQ1Rw\n";

TEST(PartitionMetadata, IsKafkasWithAChecksum) {
  EXPECT_EQ(partition_metadata_text(kId), std::string(kWithoutChecksum) + "crc: a5fcfe50\n");
  EXPECT_EQ(parse_partition_metadata(partition_metadata_text(kId)), kId);
  EXPECT_EQ(parse_partition_metadata("version: 0\ntopic_id: 3UYZdTKzQlCrmhPlqZQ1Rw\n"), kId);
  TopicId other;
  other.fill(0xFF);
  EXPECT_TRUE(partition_metadata_text(other).starts_with("version: 0\ntopic_id: _____________________w\n"));
  EXPECT_EQ(parse_partition_metadata(partition_metadata_text(other)), other);
}

TEST(PartitionMetadata, APartOfItIsNothing) {
  const std::string text = partition_metadata_text(kId);
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(parse_partition_metadata(text.substr(0, size)).has_value(), size == kWithoutChecksum.size()) << size;
  }
  for (size_t i = 0; i < text.size(); ++i) {
    std::string damaged = text;
    damaged[i] ^= 1;
    EXPECT_FALSE(parse_partition_metadata(damaged)) << i;
  }
  EXPECT_FALSE(parse_partition_metadata(text + "\n"));
}

}  // namespace
}  // namespace omashu::broker
