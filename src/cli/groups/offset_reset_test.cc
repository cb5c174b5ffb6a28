#include "cli/groups/offset_reset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

using Kind = ResetTarget::Kind;
using testing::HasSubstr;

constexpr int64_t kNow_ms = 1'764'504'000'000;  // 2025-11-30T12:00:00Z

ResetTarget target(std::string_view text) { return parse_reset_target(text, kNow_ms).value(); }

TEST(OffsetReset, ReadsEachWayToSayWhereTo) {
  EXPECT_EQ(target("earliest"), ResetTarget{Kind::kEarliest});
  EXPECT_EQ(target("latest"), ResetTarget{Kind::kLatest});
  EXPECT_EQ(target("current"), ResetTarget{Kind::kCurrent});
  EXPECT_EQ(target("42"), (ResetTarget{Kind::kOffset, 42}));
  EXPECT_EQ(target("+10"), (ResetTarget{Kind::kShift, 10}));
  EXPECT_EQ(target("-10"), (ResetTarget{Kind::kShift, -10}));
  EXPECT_EQ(target("2h"), (ResetTarget{Kind::kTime, kNow_ms - 7'200'000}));
  EXPECT_EQ(target("2025-11-30T12:00Z"), (ResetTarget{Kind::kTime, kNow_ms}));
  for (const char* wrong :
       {"", "+", "-", "++1", "--1", "+1x", "first", "1.5", "99999999999999999999", "-2h", "-9223372036854775808"}) {
    EXPECT_FALSE(parse_reset_target(wrong, kNow_ms)) << wrong;
  }
  EXPECT_THAT(parse_reset_target("soon", kNow_ms).error().message,
              HasSubstr("'soon' is no place to go to: write earl"));
}

TEST(OffsetReset, ReadsATopicAndSomeOfItsPartitions) {
  EXPECT_EQ(parse_partition_choice("t").value(), (PartitionChoice{"t", {}}));
  EXPECT_EQ(parse_partition_choice("t:0").value(), (PartitionChoice{"t", {0}}));
  EXPECT_EQ(parse_partition_choice("t:4,0-2,1").value(), (PartitionChoice{"t", {0, 1, 2, 4}}));
  for (const char* wrong : {"", "t:", "t:x", "t:1,", "t:2-1", "t:-1", "t:1-", "t:0-9999999", "a b", "t:1:2"}) {
    EXPECT_FALSE(parse_partition_choice(wrong)) << wrong;
  }
}

const PartitionState kState{.partition = {"t", 0}, .committed = 50, .begin = 10, .end = 100, .at_time = 70};

TEST(OffsetReset, MovesToWhereTheTargetIs) {
  const std::pair<const char*, int64_t> cases[] = {{"earliest", 10}, {"latest", 100}, {"current", 50}, {"60", 60},
                                                   {"+5", 55},       {"-5", 45},      {"2h", 70}};
  for (const auto& [text, after] : cases) {
    const auto change = plan_reset(target(text), kState);
    ASSERT_TRUE(change) << text;
    EXPECT_EQ(change->after, after) << text;
    EXPECT_EQ(change->before, 50);
    EXPECT_EQ(change->note, "") << text;
  }
}

TEST(OffsetReset, StaysWithinThePartitionAndSaysSo) {
  const auto note = [](std::string_view text, int64_t after) {
    const auto change = plan_reset(target(text), kState);
    EXPECT_EQ(change->after, after) << text;
    return change->note;
  };
  EXPECT_EQ(note("3", 10), "3 is gone: the first offset there is");
  EXPECT_EQ(note("101", 100), "101 is not written yet: the end");
  EXPECT_EQ(note("-100", 10), "0 is gone: the first offset there is");
  EXPECT_EQ(note("+9223372036854775807", 100), "9223372036854775807 is not written yet: the end");
  PartitionState quiet = kState;
  quiet.at_time.reset();
  EXPECT_EQ(plan_reset(target("2h"), quiet)->after, 100);
  EXPECT_EQ(plan_reset(target("2h"), quiet)->note, "no record is that new: the end");
}

TEST(OffsetReset, CannotShiftWhatWasNotCommitted) {
  PartitionState fresh = kState;
  fresh.committed.reset();
  for (const char* text : {"+1", "current"}) {
    const auto change = plan_reset(target(text), fresh);
    ASSERT_FALSE(change) << text;
    EXPECT_THAT(change.error().message, HasSubstr("t-0: the group has committed no offset"));
  }
  EXPECT_EQ(plan_reset(target("earliest"), fresh)->after, 10);
}

}  // namespace
}  // namespace omashu::cli
