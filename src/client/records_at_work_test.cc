#include "client/records_at_work.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::client {
namespace {

using kafka::Offset;
using kafka::TopicPartition;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

const TopicPartition kFirst{"t", kafka::PartitionId{0}};
const TopicPartition kSecond{"t", kafka::PartitionId{1}};

TEST(RecordsAtWork, APartitionIsCommittedUpToTheFirstThatIsNotFinished) {
  RecordsAtWork work;
  for (int64_t offset = 5; offset < 8; ++offset) work.begin(kFirst, Offset{offset});
  EXPECT_THAT(work.finished(), IsEmpty());
  work.finish(kFirst, Offset{6});
  EXPECT_THAT(work.finished(), IsEmpty());
  work.finish(kFirst, Offset{5});
  EXPECT_THAT(work.finished(), ElementsAre(Pair(kFirst, Offset{7})));
  work.finish(kFirst, Offset{7});
  EXPECT_THAT(work.finished(), ElementsAre(Pair(kFirst, Offset{8})));
}

TEST(RecordsAtWork, WhatIsCommittedIsNotCommittedAgain) {
  RecordsAtWork work;
  work.begin(kFirst, Offset{0});
  work.finish(kFirst, Offset{0});
  work.committed(work.finished());
  EXPECT_THAT(work.finished(), IsEmpty());
  EXPECT_THAT(work.read(), IsEmpty());
}

TEST(RecordsAtWork, WhatIsPassedOverKeepsNobodyUp) {
  RecordsAtWork work;
  work.skip(kFirst, Offset{3});
  EXPECT_THAT(work.finished(), ElementsAre(Pair(kFirst, Offset{4})));
  work.begin(kFirst, Offset{9});
  EXPECT_THAT(work.finished(), ElementsAre(Pair(kFirst, Offset{9}))) << "offsets may have gaps";
  EXPECT_THAT(work.read(), ElementsAre(Pair(kFirst, Offset{10})));
}

TEST(RecordsAtWork, APartitionThatIsAnotherMembersIsForgotten) {
  RecordsAtWork work;
  work.begin(kFirst, Offset{0});
  work.begin(kSecond, Offset{0});
  work.forget(kFirst);
  work.finish(kFirst, Offset{0});
  work.finish(kSecond, Offset{0});
  EXPECT_FALSE(work.knows(kFirst));
  EXPECT_THAT(work.finished(), ElementsAre(Pair(kSecond, Offset{1})));
}

}  // namespace
}  // namespace omashu::client
