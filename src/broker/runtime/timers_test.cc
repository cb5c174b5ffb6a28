#include "broker/runtime/timers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
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

TEST(Timers, StopDropsWhatIsNotDue) {
  Timers timers(system_clock());
  auto held = std::make_shared<int>(0);
  timers.at(system_clock().steady_ms() + 3'600'000, [held] { ADD_FAILURE() << "it is not due"; });
  timers.stop();
  EXPECT_EQ(held.use_count(), 2);
}

}  // namespace
}  // namespace omashu::broker
