#include "table/live/resume_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::table {
namespace {

using testing::HasSubstr;
using testing::Optional;

constexpr int64_t kNow = 1'000'000'000, kDay = 86'400'000;

std::optional<std::string> check(NextOffsets next, std::map<kafka::PartitionId, kafka::Watermarks> log,
                                 std::optional<int64_t> current_at_ms = kNow) {
  return why_rebuild({.next_offsets = std::move(next), .current_at_ms = current_at_ms}, log, kDay, kNow);
}

TEST(ResumeCheck, RowsAreReadOnFromWithinTheLog) {
  EXPECT_EQ(check({{0, 5}, {1, 0}}, {{0, {.low = 5, .high = 9}}, {1, {.low = 3, .high = 3}}}), std::nullopt);
  EXPECT_EQ(check({{0, 9}}, {{0, {.low = 0, .high = 9}}}), std::nullopt);
  EXPECT_EQ(check({}, {{0, {.low = 7, .high = 9}}}, std::nullopt), std::nullopt);
}

TEST(ResumeCheck, RecordsThatWereNotReadAreGone) {
  EXPECT_THAT(check({{0, 5}}, {{0, {.low = 6, .high = 9}}}), Optional(HasSubstr("begins at offset 6")));
}

TEST(ResumeCheck, TheLogWasCut) {
  EXPECT_THAT(check({{0, 10}}, {{0, {.low = 0, .high = 9}}}), Optional(HasSubstr("ends at offset 9")));
  EXPECT_THAT(check({{0, 5}, {1, 1}}, {{0, {.low = 0, .high = 9}}}), Optional(HasSubstr("partition 1 is not there")));
}

TEST(ResumeCheck, TombstonesMayHaveBeenMissed) {
  EXPECT_EQ(check({{0, 5}}, {{0, {.low = 0, .high = 9}}}, kNow - kDay), std::nullopt);
  EXPECT_THAT(check({{0, 5}}, {{0, {.low = 0, .high = 9}}}, kNow - kDay - 1), Optional(HasSubstr("1d")));
  EXPECT_THAT(check({{0, 5}}, {{0, {.low = 0, .high = 9}}}, std::nullopt), Optional(HasSubstr("not known")));
  EXPECT_TRUE(check({{0, 9}}, {{0, {.low = 0, .high = 9}}, {1, {.low = 0, .high = 1}}}, kNow - 2 * kDay));
}

TEST(ResumeCheck, WhereNothingWasWrittenNothingIsMissing) {
  EXPECT_EQ(check({{0, 9}}, {{0, {.low = 0, .high = 9}}}, kNow - 30 * kDay), std::nullopt);
}

}  // namespace
}  // namespace omashu::table
