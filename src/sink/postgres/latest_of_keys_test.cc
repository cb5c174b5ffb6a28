#include "sink/postgres/latest_of_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::sink::postgres {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

LatestOfKeys::Entry entry(size_t record, int partition, int64_t offset, int64_t timestamp_ms = 0) {
  return {.record = record,
          .partition = static_cast<kafka::PartitionId>(partition),
          .offset = static_cast<kafka::Offset>(offset),
          .timestamp_ms = timestamp_ms};
}

TEST(LatestOfKeys, InOnePartitionTheOneBehindWhateverTheTimes) {
  LatestOfKeys keys;
  keys.add("a", entry(0, 0, 5, 900));
  keys.add("b", entry(1, 0, 6));
  keys.add("a", entry(2, 0, 7, 100));
  keys.add("a", entry(3, 0, 3, 999));  // out of a retry topic
  EXPECT_THAT(keys.latest(), ElementsAre(2, 1));
  EXPECT_THAT(keys.before({2}), ElementsAre(0));
  EXPECT_THAT(keys.before({0}), ElementsAre(3));
  EXPECT_THAT(keys.before({3, 1}), IsEmpty());
}

TEST(LatestOfKeys, AreInTheOrderOfTheKeys) {
  LatestOfKeys keys;
  for (size_t i = 0; i < 5; ++i) keys.add(std::string(1, "dbeac"[i]), entry(i, 0, static_cast<int64_t>(i)));
  EXPECT_THAT(keys.latest(), ElementsAre(3, 1, 4, 0, 2));
}

TEST(LatestOfKeys, BetweenPartitionsTheLaterTimeThenTheHigherPartition) {
  LatestOfKeys keys;
  keys.add("a", entry(0, 0, 100, 50));
  keys.add("a", entry(1, 1, 1, 60));
  keys.add("a", entry(2, 0, 101, 55));
  keys.add("b", entry(3, 1, 2, 60));
  keys.add("b", entry(4, 0, 102, 60));
  EXPECT_THAT(keys.latest(), ElementsAre(1, 3));
}

}  // namespace
}  // namespace omashu::sink::postgres
