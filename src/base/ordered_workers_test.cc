#include "base/ordered_workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

namespace omashu {
namespace {

class Square : public OrderedWorkers::Job {
 public:
  explicit Square(int number) : number_(number) {}
  void run() override { result = number_ * number_; }
  int result = -1;

 private:
  int number_;
};

class WaitFor : public OrderedWorkers::Job {
 public:
  WaitFor(std::shared_future<void> event, std::atomic<int>& runs) : event_(std::move(event)), runs_(runs) {}
  void run() override {
    event_.wait();
    ++runs_;
  }

 private:
  std::shared_future<void> event_;
  std::atomic<int>& runs_;
};

int result_of(const std::unique_ptr<OrderedWorkers::Job>& job) { return static_cast<Square&>(*job).result; }

TEST(OrderedWorkers, JobsComeBackInTheirOrder) {
  for (const size_t threads : {0, 1, 3}) {
    OrderedWorkers workers(threads, 10);
    int given = 0, taken = 0;
    while (taken < 1'000) {
      while (given < 1'000 && !workers.is_full()) workers.give(std::make_unique<Square>(given++));
      const auto job = workers.take(true);
      ASSERT_NE(job, nullptr);
      ASSERT_EQ(result_of(job), taken * taken) << threads << " threads";
      ++taken;
    }
    EXPECT_TRUE(workers.is_empty());
    EXPECT_EQ(workers.take(true), nullptr);
  }
}

TEST(OrderedWorkers, AJobThatIsDoneWaitsForOneThatWasGivenBefore) {
  std::promise<void> event;
  std::atomic<int> runs = 0;
  OrderedWorkers workers(2, 10);
  workers.give(std::make_unique<WaitFor>(event.get_future().share(), runs));
  workers.give(std::make_unique<Square>(3));
  EXPECT_EQ(workers.take(false), nullptr);
  event.set_value();
  EXPECT_NE(workers.take(true), nullptr);
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(result_of(workers.take(true)), 9);
}

TEST(OrderedWorkers, TheEndWaitsForWhatRuns) {
  std::promise<void> event;
  std::atomic<int> runs = 0;
  {
    OrderedWorkers workers(1, 10);
    workers.give(std::make_unique<WaitFor>(event.get_future().share(), runs));
    event.set_value();
    while (runs == 0) std::this_thread::yield();
    workers.give(std::make_unique<Square>(3));  // runs, or is dropped
  }
  EXPECT_EQ(runs, 1);
}

TEST(OrderedWorkers, SaysWhenItIsFull) {
  OrderedWorkers workers(0, 2);
  EXPECT_TRUE(workers.is_empty());
  workers.give(std::make_unique<Square>(1));
  EXPECT_FALSE(workers.is_full());
  workers.give(std::make_unique<Square>(2));
  EXPECT_TRUE(workers.is_full());
  EXPECT_EQ(result_of(workers.take(false)), 1);
  EXPECT_FALSE(workers.is_full());
}

}  // namespace
}  // namespace omashu
