#include "broker/runtime/timers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <limits>
#include <vector>

namespace omashu::broker {
namespace {

using testing::ElementsAre;

TEST(Timers, CallsInTheOrderInWhichTheyAreDue) {
  Timers timers(system_clock());
  const int64_t now = system_clock().steady_ms();
  std::vector<int> order;
  std::promise<void> done;
  timers.at(now + 20, [&] {
    order.push_back(3);
    done.set_value();
  });
  timers.at(now + 10, [&] { order.push_back(2); });
  timers.at(now - 1, [&] { order.push_back(1); });
  ASSERT_EQ(done.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
  EXPECT_THAT(order, ElementsAre(1, 2, 3));
}

TEST(Timers, WhatIsCancelledIsNotCalled) {
  Timers timers(system_clock());
  const int64_t now = system_clock().steady_ms();
  bool is_called = false;
  std::promise<void> done;
  const Timers::Id id = timers.at(now + 10, [&] { is_called = true; });
  timers.at(now + 11, [&] { done.set_value(); });
  timers.cancel(id);
  ASSERT_EQ(done.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
  EXPECT_FALSE(is_called);
  timers.cancel(id);
}

TEST(Timers, ACallMayMakeAnother) {
  Timers timers(system_clock());
  std::promise<void> done;
  timers.at(0, [&] { timers.at(0, [&] { done.set_value(); }); });
  EXPECT_EQ(done.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
}

TEST(Timers, WhatIsNeverDueCostsNothing) {
  struct CountingClock : Clock {
    std::atomic<int> looks = 0;
    int64_t wall_ms() override { return system_clock().wall_ms(); }
    int64_t steady_ms() override {
      ++looks;
      return system_clock().steady_ms();
    }
  } clock;
  Timers timers(clock);
  std::promise<void> done;
  timers.at(std::numeric_limits<int64_t>::max(), [] { ADD_FAILURE() << "it is never due"; });
  // Calls that follow each other leave the thread time to look at the clock between them.
  const int64_t now = system_clock().steady_ms();
  for (int64_t i = 1; i <= 5; ++i) {
    timers.at(now + 10 * i, [&, i] {
      if (i == 5) done.set_value();
    });
  }
  ASSERT_EQ(done.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
  EXPECT_LT(clock.looks, 100);
}

TEST(Timers, StopDropsWhatIsNotDue) {
  Timers timers(system_clock());
  auto held = std::make_shared<int>(0);
  timers.at(system_clock().steady_ms() + 3'600'000, [held] { ADD_FAILURE() << "it is not due"; });
  timers.stop();
  EXPECT_EQ(held.use_count(), 2);
}

}  // namespace
}  // namespace omashu::broker
