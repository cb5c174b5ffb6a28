#include "schema_registry/client/flight_cache.h"

#include <gtest/gtest.h>

#include <latch>
#include <string>
#include <thread>
#include <vector>

namespace omashu::schema_registry {
namespace {

using namespace std::chrono_literals;
using Cache = FlightCache<std::string, int>;

class FlightCacheTest : public testing::Test {
 protected:
  Cache::Future get(const std::string& key, Result<int> answer) {
    return cache_.get(key, [&](const Cache::Done& done) {
      ++asked_;
      done(std::move(answer));
    });
  }

  std::chrono::steady_clock::time_point now_{};
  Cache cache_{{.capacity = 2, .failure_ttl = 1s, .clock = [this] { return now_; }}};
  int asked_ = 0;
};

TEST_F(FlightCacheTest, AValueIsAskedForOnce) {
  EXPECT_EQ(get("a", 1).get().value(), 1);
  EXPECT_EQ(get("a", 2).get().value(), 1);
  EXPECT_EQ(asked_, 1);
}

TEST_F(FlightCacheTest, AFailureIsRememberedForAShortTime) {
  EXPECT_FALSE(get("a", fail(ErrorCode::kNotFound, "")).get().has_value());
  now_ += 999ms;
  EXPECT_FALSE(get("a", 1).get().has_value());
  now_ += 1ms;
  EXPECT_EQ(get("a", 1).get().value(), 1);
  EXPECT_EQ(asked_, 2);
}

TEST_F(FlightCacheTest, FailuresCanBeForgottenAtOnce) {
  get("a", fail(ErrorCode::kNotFound, ""));
  get("b", 2);
  cache_.forget_failures();
  EXPECT_EQ(get("a", 1).get().value(), 1);
  EXPECT_EQ(get("b", 3).get().value(), 2);
}

TEST_F(FlightCacheTest, TheLeastRecentlyUsedGoesFirst) {
  get("a", 1);
  get("b", 2);
  get("a", 0);
  get("c", 3);  // b goes
  EXPECT_EQ(get("a", 0).get().value(), 1);
  EXPECT_EQ(get("b", 9).get().value(), 9);
}

TEST_F(FlightCacheTest, WhatIsPutInIsThere) {
  get("a", fail(ErrorCode::kNotFound, ""));
  cache_.put("a", 5);
  EXPECT_EQ(get("a", 1).get().value(), 5);
}

TEST_F(FlightCacheTest, ARequestThatWasForgottenOnItsWayServesOnlyItsWaiters) {
  Cache::Done late;
  const Cache::Future waiting = cache_.get("a", [&](Cache::Done done) { late = std::move(done); });
  cache_.forget_if([](const std::string& key) { return key == "a"; });
  EXPECT_EQ(get("a", 2).get().value(), 2);
  late(1);
  EXPECT_EQ(waiting.get().value(), 1);
  EXPECT_EQ(get("a", 3).get().value(), 2);
}

TEST_F(FlightCacheTest, SixteenThreadsMakeOneRequest) {
  Cache::Done answer;
  std::latch all_wait(16);
  std::vector<std::thread> threads;
  std::atomic<int> asked = 0;
  std::atomic<int> sum = 0;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      const Cache::Future future = cache_.get("a", [&](Cache::Done done) {
        ++asked;
        answer = std::move(done);
      });
      all_wait.count_down();
      sum += future.get().value();
    });
  }
  all_wait.wait();
  answer(3);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(sum, 48);
}

}  // namespace
}  // namespace omashu::schema_registry
