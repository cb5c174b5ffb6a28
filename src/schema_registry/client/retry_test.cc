#include "schema_registry/client/retry.h"

#include <gtest/gtest.h>

namespace omashu::schema_registry {
namespace {

using namespace std::chrono_literals;
using Kind = AttemptOutcome::Kind;

constexpr RetryPlan::TimePoint kStart{};
constexpr double kNoLuck = 0.999999;  // nearly the whole back-off

RetryPlan plan_of(size_t url_count, std::chrono::milliseconds timeout = 30s) {
  RetryPlan plan({.attempt_timeout = 10s,
                  .first_backoff = 100ms,
                  .longest_backoff = 400ms,
                  .unreachable_timeout = std::chrono::hours(1)},
                 url_count, 0);
  plan.start(kStart, timeout);
  return plan;
}

AttemptOutcome answered(int status, std::chrono::milliseconds retry_after = 0ms) {
  return {Kind::kAnswered, status, retry_after};
}

TEST(RetryPlan, AnAnswerStands) {
  for (const int status : {200, 204, 301, 400, 401, 404, 409, 422, 501}) {
    RetryPlan plan = plan_of(2);
    EXPECT_EQ(plan.next(answered(status), kStart, 0), std::nullopt) << status;
    EXPECT_EQ(plan.url(), 0u);
  }
  EXPECT_EQ(plan_of(2).next({.kind = Kind::kCancelled}, kStart, 0), std::nullopt);
}

TEST(RetryPlan, WhatIsHopelessHereMayWorkElsewhereButIsNotRepeated) {
  EXPECT_EQ(plan_of(1).next({.kind = Kind::kHopeless}, kStart, 0), std::nullopt);
  RetryPlan plan = plan_of(2);
  EXPECT_EQ(plan.next({.kind = Kind::kHopeless}, kStart, 0), 0ms);
  EXPECT_EQ(plan.url(), 1u);
  EXPECT_EQ(plan.next({.kind = Kind::kHopeless}, kStart, 0), std::nullopt);
}

TEST(RetryPlan, AServerThatIsAwayMakesWayForTheNextAtOnce) {
  for (const AttemptOutcome& outcome :
       {AttemptOutcome{.kind = Kind::kNoAnswer}, AttemptOutcome{.kind = Kind::kTimedOut}, answered(502), answered(503),
        answered(504)}) {
    RetryPlan plan = plan_of(3);
    EXPECT_EQ(plan.next(outcome, kStart, kNoLuck), 0ms);
    EXPECT_EQ(plan.url(), 1u);
    EXPECT_EQ(plan.next(outcome, kStart, kNoLuck), 0ms);
    EXPECT_EQ(plan.url(), 2u);
    EXPECT_GT(plan.next(outcome, kStart, kNoLuck), 0ms) << "a round is over";
    EXPECT_EQ(plan.url(), 0u);
    EXPECT_EQ(plan.next(outcome, kStart, kNoLuck), 0ms);
  }
}

TEST(RetryPlan, WaitsDoubleUpToTheLongest) {
  RetryPlan plan = plan_of(1);
  for (const auto expected : {99ms, 199ms, 399ms, 399ms}) {
    EXPECT_EQ(plan.next(answered(503), kStart, kNoLuck), expected);
  }
  EXPECT_EQ(plan.next(answered(503), kStart, 0), 200ms) << "half of the wait is sure, half is random";
}

TEST(RetryPlan, TheServersOwnWishIsHonoured) {
  EXPECT_EQ(plan_of(1).next(answered(429, 7s), kStart, 0), 7s);
  EXPECT_EQ(plan_of(1).next(answered(503, 7s), kStart, 0), 7s);
  EXPECT_EQ(plan_of(1).next(answered(503, 31s), kStart, 0), std::nullopt) << "beyond the timeout";
  RetryPlan two = plan_of(2);
  EXPECT_EQ(two.next(answered(503, 7s), kStart, 0), 0ms) << "the other may serve at once";
  EXPECT_EQ(two.next(answered(503), kStart, 0), 7s) << "the longest wish of the round";
}

TEST(RetryPlan, AServerThatIsThereIsAskedAgain) {
  RetryPlan plan = plan_of(2);
  for (int i = 0; i < 10; ++i) EXPECT_NE(plan.next(answered(429), kStart, 0), std::nullopt);
  EXPECT_EQ(plan.url(), 0u);
}

TEST(RetryPlan, AServersFaultIsMetThreeTimesMore) {
  RetryPlan plan = plan_of(2);
  for (int i = 0; i < 3; ++i) EXPECT_NE(plan.next(answered(500), kStart, 0), std::nullopt);
  EXPECT_EQ(plan.next(answered(500), kStart, 0), std::nullopt);
  EXPECT_EQ(plan.attempts(), 4);
}

TEST(RetryPlan, TheTimeoutEndsIt) {
  RetryPlan plan = plan_of(2, 1s);
  EXPECT_EQ(plan.next(answered(503), kStart + 1s, 0), std::nullopt);
  EXPECT_EQ(plan_of(1, 1s).next(answered(503), kStart + 950ms, 0), std::nullopt) << "the wait would end too late";
}

TEST(RetryPlan, OneUrlNeverEatsTheTimeOfTheOthers) {
  RetryPlan plan = plan_of(3, 9s);
  EXPECT_EQ(plan.attempt_timeout(kStart), 3s);
  (void)plan.next({.kind = Kind::kTimedOut}, kStart + 3s, 0);
  EXPECT_EQ(plan.attempt_timeout(kStart + 3s), 3s);
  EXPECT_EQ(plan_of(1).attempt_timeout(kStart), 10s);
  EXPECT_EQ(plan_of(1).attempt_timeout(kStart + 40s), 1ms);
}

}  // namespace
}  // namespace omashu::schema_registry
