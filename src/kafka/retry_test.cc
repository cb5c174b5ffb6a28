#include "kafka/retry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace omashu::kafka {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;

const auto kFarAway = std::chrono::steady_clock::now() + std::chrono::hours(1);

TEST(RetryTest, PausesGrowToASecond) {
  EXPECT_EQ(backoff_pause(1, 0), milliseconds(50));
  EXPECT_EQ(backoff_pause(2, 0), milliseconds(100));
  EXPECT_EQ(backoff_pause(6, 0), milliseconds(1000));
  EXPECT_EQ(backoff_pause(1000, 0), milliseconds(1000));
  EXPECT_EQ(backoff_pause(2, 1), milliseconds(50));
}

TEST(RetryTest, TriesOnlyWhatMayPassAgain) {
  std::vector<std::vector<size_t>> attempts;
  const auto results = retry_each<int>(4, kFarAway, [&](std::span<const size_t> which) {
    attempts.emplace_back(which.begin(), which.end());
    std::vector<Result<int>> answers;
    for (const size_t i : which) {
      if (i == 1) {
        answers.push_back(fail(ErrorCode::kInvalidArgument, "never"));
      } else if (i >= 2 && attempts.size() < i) {
        answers.push_back(fail(ErrorCode::kUnavailable, "not yet"));
      } else {
        answers.push_back(static_cast<int>(i) * 10);
      }
    }
    return Result<std::vector<Result<int>>>(std::move(answers));
  });
  EXPECT_THAT(attempts, ElementsAre(ElementsAre(0, 1, 2, 3), ElementsAre(2, 3), ElementsAre(3)));
  EXPECT_EQ(results[0], 0);
  EXPECT_EQ(results[1].error().message, "never");
  EXPECT_EQ(results[2], 20);
  EXPECT_EQ(results[3], 30);
}

TEST(RetryTest, AnErrorOfTheWholeAttemptIsEveryonesAndFinal) {
  int attempts = 0;
  const auto results = retry_each<void>(2, kFarAway, [&](std::span<const size_t>) {
    ++attempts;
    return Result<std::vector<Result<void>>>(fail(ErrorCode::kUnavailable, "no broker"));
  });
  EXPECT_EQ(attempts, 1);
  EXPECT_EQ(results[0].error().message, "no broker");
  EXPECT_EQ(results[1].error().message, "no broker");
}

TEST(RetryTest, TheDeadlineEndsIt) {
  int attempts = 0;
  const auto results = retry_each<void>(1, std::chrono::steady_clock::now(), [&](std::span<const size_t>) {
    ++attempts;
    return Result<std::vector<Result<void>>>(std::vector<Result<void>>{fail(ErrorCode::kUnavailable, "not yet")});
  });
  EXPECT_EQ(attempts, 1);
  EXPECT_EQ(results[0].error().message, "not yet");
}

}  // namespace
}  // namespace omashu::kafka
