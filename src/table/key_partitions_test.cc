#include "table/key_partitions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "kafka/partitioner.h"

namespace omashu::table {
namespace {

using testing::ElementsAre;

TEST(KeyPartitions, AreThoseOfBothPartitioners) {
  // CRC-32 of "123456789" is cbf43926, the check value of the algorithm.
  constexpr int kCount = 1 << 30;
  const std::vector<std::string> key = {"123456789"};
  const auto partitions = partitions_of_key(key, kCount);
  EXPECT_EQ(partitions.size(), 2u);
  EXPECT_TRUE(partitions.contains(0xcbf43926u % kCount));
  EXPECT_TRUE(partitions.contains(kafka::partition_of("123456789", kCount)));
}

TEST(KeyPartitions, CoverEveryEncoding) {
  const std::vector<std::string> keys = {"a", "b", "c", "d", "e", "f", "g", "h"};
  const auto partitions = partitions_of_key(keys, 1000);
  for (const std::string& key : keys) EXPECT_TRUE(partitions.contains(kafka::partition_of(key, 1000)));
  EXPECT_THAT(partitions_of_key(keys, 1), ElementsAre(0));
}

}  // namespace
}  // namespace omashu::table
