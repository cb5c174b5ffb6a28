#include "base/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>

namespace omashu {
namespace {

constexpr std::chrono::seconds kPatience(30);

TEST(Executor, OneThreadRunsTasksInTheirOrder) {
  Executor executor(1);
  std::vector<int> order;
  std::promise<void> done;
  for (int i = 0; i < 100; ++i) executor.post([&, i] { order.push_back(i); });
  executor.post([&] { done.set_value(); });
  ASSERT_EQ(done.get_future().wait_for(kPatience), std::future_status::ready);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(order.at(static_cast<size_t>(i)), i);
}

TEST(Executor, ATaskThatWaitsDoesNotHoldUpOthersWhileThereAreThreads) {
  Executor executor(2);
  std::promise<void> go_on;
  std::promise<void> waits;
  std::promise<void> done;
  executor.post([&] {
    waits.set_value();
    go_on.get_future().wait();
  });
  waits.get_future().wait();
  executor.post([&] { done.set_value(); });
  EXPECT_EQ(done.get_future().wait_for(kPatience), std::future_status::ready);
  go_on.set_value();
}

TEST(Executor, StopWaitsForWhatRunsAndDropsTheRest) {
  Executor executor(1);
  std::promise<void> begun;
  bool is_done = false;
  executor.post([&] {
    begun.set_value();
    for (bool is_stopping = false; !is_stopping; std::this_thread::yield()) {
      const auto probe = std::make_shared<int>(0);
      executor.post([probe] { ADD_FAILURE() << "it had not begun"; });
      is_stopping = probe.use_count() == 1;
    }
    is_done = true;
  });
  begun.get_future().wait();
  const auto held = std::make_shared<int>(0);
  executor.post([held] { ADD_FAILURE() << "it had not begun"; });
  executor.stop();
  EXPECT_TRUE(is_done);
  EXPECT_EQ(held.use_count(), 1) << "it is let go";
}

}  // namespace
}  // namespace omashu
