#include "kafka/topic_batches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::kafka {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

NewTopic with_partitions(int partitions) { return {.name = "t", .partitions = partitions}; }

std::vector<size_t> sizes_of(const std::vector<NewTopic>& topics) { return create_batch_sizes(topics); }

TEST(TopicBatchesTest, CountsTopicPartitionsAndSettings) {
  EXPECT_EQ(metadata_records({.name = "t", .partitions = 6, .configs = {{"a", "1"}, {"b", "2"}}}), 9u);
}

TEST(TopicBatchesTest, StaysBelowTheLimit) {
  EXPECT_THAT(create_batch_sizes({}), IsEmpty());
  EXPECT_THAT(sizes_of({with_partitions(4999), with_partitions(4998)}), ElementsAre(2));
  EXPECT_THAT(sizes_of({with_partitions(4999), with_partitions(4999)}), ElementsAre(1, 1));
  EXPECT_THAT(sizes_of(std::vector<NewTopic>(10'000, with_partitions(1))), ElementsAre(4'999, 4'999, 2));
}

TEST(TopicBatchesTest, ATopicTooLargeStandsAlone) {
  EXPECT_THAT(sizes_of({with_partitions(1), with_partitions(20'000), with_partitions(1)}), ElementsAre(1, 1, 1));
}

}  // namespace
}  // namespace omashu::kafka
