#include "service/group/partition_ownership.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace omashu::service {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;
using State = PartitionOwnership::State;

class PartitionOwnershipTest : public ::testing::Test {
 protected:
  void own(std::initializer_list<kafka::TopicPartition> partitions) {
    const std::vector<kafka::TopicPartition> list(partitions);
    ownership_.assign(list);
    for (const kafka::TopicPartition& partition : list) ownership_.admit(partition);
    ownership_.extend_lease(now() + seconds(5));
  }
  PartitionOwnership::Time now() const { return PartitionOwnership::Time(seconds(now_s_.load())); }

  std::atomic<int> now_s_ = 1'000;
  PartitionOwnership ownership_{[this] { return now(); }};
  const kafka::TopicPartition a_ = {"t", 0}, b_ = {"t", 1};
};

TEST_F(PartitionOwnershipTest, NothingIsWrittenBeforeAPartitionIsTakenOver) {
  EXPECT_EQ(ownership_.permit(a_), nullptr);
  ownership_.assign(std::span(&a_, 1));
  ownership_.extend_lease(now() + seconds(5));
  EXPECT_EQ(ownership_.state_of(a_), State::kTakingOver);
  EXPECT_EQ(ownership_.permit(a_), nullptr);
  ownership_.admit(a_);
  EXPECT_EQ(ownership_.state_of(a_), State::kOwned);
  const auto permit = ownership_.permit(a_);
  ASSERT_NE(permit, nullptr);
  EXPECT_TRUE(permit->is_valid());
  ownership_.admit(b_);  // it was never assigned
  EXPECT_EQ(ownership_.permit(b_), nullptr);
}

TEST_F(PartitionOwnershipTest, WithoutALeaseNothingIsWrittenAndWhatIsUnderWayEnds) {
  own({a_});
  const auto permit = ownership_.permit(a_);
  now_s_ += 5;
  EXPECT_FALSE(permit->is_valid());
  EXPECT_FALSE(ownership_.has_lease());
  EXPECT_EQ(ownership_.permit(a_), nullptr);
  EXPECT_EQ(ownership_.state_of(a_), State::kOwned);  // it still is the one to ask
  ownership_.extend_lease(now() + seconds(5));
  EXPECT_TRUE(permit->is_valid());
  ownership_.extend_lease(now() + seconds(1));  // an answer that was late takes nothing away
  now_s_ += 4;
  EXPECT_TRUE(permit->is_valid());
}

TEST_F(PartitionOwnershipTest, HandingOverWaitsForWhatIsUnderWay) {
  own({a_, b_});
  auto permit = ownership_.permit(a_);
  std::atomic<bool> is_revoked = false;
  std::thread revoking([&] {
    ownership_.revoke(std::span(&a_, 1), steady_clock::now() + seconds(30));
    is_revoked = true;
  });
  while (ownership_.state_of(a_) != State::kNone) std::this_thread::yield();
  EXPECT_EQ(ownership_.permit(a_), nullptr);
  EXPECT_TRUE(permit->is_valid());
  EXPECT_FALSE(is_revoked);
  permit.reset();
  revoking.join();
  EXPECT_TRUE(ownership_.assigned().contains(b_));
  EXPECT_NE(ownership_.permit(b_), nullptr);
}

TEST_F(PartitionOwnershipTest, WhatIsNotDoneInTimeIsNotGoneOnWith) {
  own({a_});
  const auto permit = ownership_.permit(a_);
  ownership_.revoke(std::span(&a_, 1), steady_clock::now());
  EXPECT_FALSE(permit->is_valid());
  own({a_});  // the same partition again: what is under way belongs to the earlier assignment
  EXPECT_FALSE(permit->is_valid());
  EXPECT_TRUE(ownership_.permit(a_)->is_valid());
}

TEST_F(PartitionOwnershipTest, WhatIsLostIsLostAtOnce) {
  own({a_});
  const auto permit = ownership_.permit(a_);
  ownership_.lose(std::span(&a_, 1));
  EXPECT_FALSE(permit->is_valid());
  EXPECT_TRUE(ownership_.assigned().empty());
}

TEST(PartitionOwnership, PermitsMayOutliveIt) {
  const kafka::TopicPartition partition = {"t", 0};
  auto ownership = std::make_unique<PartitionOwnership>();
  ownership->assign(std::span(&partition, 1));
  ownership->admit(partition);
  ownership->extend_lease(steady_clock::now() + seconds(60));
  const auto permit = ownership->permit(partition);
  ownership.reset();
  EXPECT_TRUE(permit->is_valid());
}

}  // namespace
}  // namespace omashu::service
