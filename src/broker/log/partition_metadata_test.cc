#include "broker/log/partition_metadata.h"

#include <gtest/gtest.h>

namespace omashu::broker {
namespace {

using Checkpoint = PartitionMetadata::Checkpoint;

constexpr TopicId kId = {0xdd, 0x46, 0x19, 0x75, 0x32, 0xb3, 0x42, 0x50,
                         0xab, 0x9a, 0x13, 0xe5, 0xa9, 0x94, 0x35, 0x47};

constexpr std::string_view kAsKafkaWritesIt = "version: 0\ntopic_id: 3UYZdTKzQlCrmhPlqZQ1Rw\n";

TEST(PartitionMetadata, IsKafkasWithWhatIsInTheFolderAndAChecksum) {
  EXPECT_TRUE(partition_metadata_text({kId, Checkpoint::kNone})
                  .starts_with(std::string(kAsKafkaWritesIt) + "log_checkpoint: none\ncrc: "));
  for (const Checkpoint checkpoint : {Checkpoint::kNone, Checkpoint::kWritten}) {
    const PartitionMetadata metadata{kId, checkpoint};
    EXPECT_EQ(parse_partition_metadata(partition_metadata_text(metadata)), metadata);
  }
  TopicId other;
  other.fill(0xFF);
  EXPECT_TRUE(partition_metadata_text({.topic_id = other}).contains("topic_id: _____________________w\n"));
  EXPECT_EQ(parse_partition_metadata(partition_metadata_text({.topic_id = other}))->topic_id, other);
}

TEST(PartitionMetadata, OfKafkaOrAnEarlierVersionDoesNotTellOfACheckpoint) {
  const PartitionMetadata metadata{kId, Checkpoint::kUnknown};
  EXPECT_EQ(partition_metadata_text(metadata), std::string(kAsKafkaWritesIt) + "crc: a5fcfe50\n");
  EXPECT_EQ(parse_partition_metadata(partition_metadata_text(metadata)), metadata);
  EXPECT_EQ(parse_partition_metadata(kAsKafkaWritesIt), metadata);
}

TEST(PartitionMetadata, APartOfItIsNothing) {
  const std::string text = partition_metadata_text({kId, Checkpoint::kWritten});
  const size_t checksum = text.find("crc: ");
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(parse_partition_metadata(text.substr(0, size)).has_value(),
              size == kAsKafkaWritesIt.size() || size == checksum)
        << size;
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
