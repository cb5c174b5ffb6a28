#include "broker/log/producer_states.h"

#include <gtest/gtest.h>

namespace omashu::broker {
namespace {

using Verdict = ProducerStates::Verdict;

RecordBatchHeader batch(int64_t producer_id, int16_t epoch, int32_t base_sequence, int32_t count,
                        int64_t base_offset = 0) {
  return {.base_offset = Offset{base_offset},
          .last_offset_delta = count - 1,
          .max_timestamp = 1000 + base_offset,
          .producer_id = ProducerId{producer_id},
          .producer_epoch = epoch,
          .base_sequence = base_sequence,
          .records_count = count};
}

TEST(ProducerStates, AnUnknownProducerMayStartAnywhere) {
  const ProducerStates states;
  EXPECT_EQ(states.check(batch(1, 0, 0, 1)).verdict, Verdict::kNext);
  EXPECT_EQ(states.check(batch(1, 0, 4711, 1)).verdict, Verdict::kNext);
}

TEST(ProducerStates, SequencesFollowEachOther) {
  ProducerStates states;
  states.update(batch(1, 0, 0, 10), 0);
  EXPECT_EQ(states.check(batch(1, 0, 10, 1)).verdict, Verdict::kNext);
  EXPECT_EQ(states.check(batch(1, 0, 11, 1)).verdict, Verdict::kOutOfOrder);
  EXPECT_EQ(states.check(batch(1, 0, 11, 1)).expected_sequence, 10);
  EXPECT_EQ(states.check(batch(1, 0, 9, 1)).verdict, Verdict::kOutOfOrder);
  EXPECT_EQ(states.check(batch(2, 0, 11, 1)).verdict, Verdict::kNext);
}

TEST(ProducerStates, TheLastFiveBatchesAreKnownAgain) {
  ProducerStates states;
  for (int i = 0; i < 6; ++i) states.update(batch(1, 0, 10 * i, 10, 100 * i), 0);
  EXPECT_EQ(states.check(batch(1, 0, 0, 10)).verdict, Verdict::kOutOfOrder);
  for (int i = 1; i < 6; ++i) {
    const auto check = states.check(batch(1, 0, 10 * i, 10));
    ASSERT_EQ(check.verdict, Verdict::kDuplicate);
    EXPECT_EQ(check.duplicate.base_offset(), Offset{100 * i});
    EXPECT_EQ(check.duplicate.last_offset, Offset{100 * i + 9});
  }
  EXPECT_EQ(states.check(batch(1, 0, 50, 9)).verdict, Verdict::kOutOfOrder);  // not the same batch
}

TEST(ProducerStates, TheActiveOnesAreToldByTheirIds) {
  ProducerStates states;
  states.update(batch(2, 1, 0, 10, 100), 0);
  states.update(batch(2, 1, 10, 5, 200), 0);
  states.update(batch(1, 0, 0, 1), 0);
  const auto active = states.active();
  ASSERT_EQ(active.size(), 2u);
  EXPECT_EQ(active[0].producer_id, ProducerId{1});
  EXPECT_EQ(active[1].producer_id, ProducerId{2});
  EXPECT_EQ(active[1].epoch, 1);
  EXPECT_EQ(active[1].last_sequence, 14);
  EXPECT_EQ(active[1].last_timestamp, 1200);
}

TEST(ProducerStates, SequencesWrap) {
  constexpr int32_t kLast = std::numeric_limits<int32_t>::max();
  ProducerStates states;
  states.update(batch(1, 0, kLast - 1, 4, 7), 0);
  EXPECT_EQ(states.check(batch(1, 0, 2, 1)).verdict, Verdict::kNext);
  const auto check = states.check(batch(1, 0, kLast - 1, 4));
  ASSERT_EQ(check.verdict, Verdict::kDuplicate);
  EXPECT_EQ(check.duplicate.base_offset(), Offset{7});
}

TEST(ProducerStates, ANewEpochStartsFromZeroAndEndsTheOld) {
  ProducerStates states;
  states.update(batch(1, 3, 0, 10), 0);
  EXPECT_EQ(states.check(batch(1, 4, 10, 1)).verdict, Verdict::kOutOfOrder);
  EXPECT_EQ(states.check(batch(1, 4, 0, 1)).verdict, Verdict::kNext);
  states.update(batch(1, 4, 0, 1), 0);
  EXPECT_EQ(states.check(batch(1, 3, 10, 1)).verdict, Verdict::kOldEpoch);
  EXPECT_EQ(states.check(batch(1, 4, 1, 1)).verdict, Verdict::kNext);
}

TEST(ProducerStates, SilentProducersAreForgotten) {
  ProducerStates states;
  states.update(batch(1, 0, 0, 1), 1000);
  states.update(batch(2, 0, 0, 1), 2000);
  states.update(batch(3, 0, 0, 1), -1);
  states.expire(11'500, 10'000, 100);
  EXPECT_EQ(states.size(), 2u);
  EXPECT_EQ(states.check(batch(1, 0, 5, 1)).verdict, Verdict::kNext);
  EXPECT_EQ(states.check(batch(2, 0, 5, 1)).verdict, Verdict::kOutOfOrder);
  EXPECT_EQ(states.check(batch(3, 0, 5, 1)).verdict, Verdict::kOutOfOrder);
  states.expire(21'500, 10'000, 100);
  EXPECT_EQ(states.size(), 1u);
  states.expire(21'501, 10'000, 100);
  EXPECT_EQ(states.size(), 0u);
}

TEST(ProducerStates, TheirNumberIsBounded) {
  ProducerStates states;
  for (int id = 0; id < 50; ++id) states.update(batch(id, 0, 0, 1), 1000 + id);
  states.expire(2000, 10'000, 10);
  EXPECT_EQ(states.size(), 10u);
  EXPECT_EQ(states.check(batch(40, 0, 5, 1)).verdict, Verdict::kOutOfOrder);
  EXPECT_EQ(states.check(batch(39, 0, 5, 1)).verdict, Verdict::kNext);
}

TEST(ProducerSnapshot, GivesBackEveryBatch) {
  ProducerStates states;
  for (int i = 0; i < 7; ++i) states.update(batch(1, 2, 10 * i, 10, 100 * i), 0);
  states.update(batch(2, 0, 5, 1, 9000), 0);
  const std::string bytes = states.encode();
  EXPECT_EQ(bytes.size(), 10u + 6 * 46);
  const auto decoded = ProducerStates::decode(bytes);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->last_offsets(), (std::unordered_set<Offset>{Offset{609}, Offset{9000}}));
  EXPECT_EQ(decoded->check(batch(1, 2, 20, 10)).duplicate.base_offset(), Offset{200});
  EXPECT_EQ(decoded->check(batch(1, 2, 10, 10)).verdict, Verdict::kOutOfOrder);
  EXPECT_EQ(decoded->check(batch(1, 1, 70, 10)).verdict, Verdict::kOldEpoch);
}

TEST(ProducerSnapshot, WhatIsNotWholeIsRefused) {
  ProducerStates states;
  states.update(batch(1, 2, 0, 10), 0);
  const std::string bytes = states.encode();
  for (size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(ProducerStates::decode(bytes.substr(0, size)));
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    EXPECT_FALSE(ProducerStates::decode(changed)) << i;
  }
  EXPECT_FALSE(ProducerStates::decode(bytes + bytes.substr(10)));
}

}  // namespace
}  // namespace omashu::broker
