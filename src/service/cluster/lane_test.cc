#include "service/cluster/lane.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <vector>

namespace omashu::service {
namespace {

TEST(LaneTest, SoManyRunAtOnceAndTheOthersInTheirOrder) {
  Executor executor(4);
  const auto lane = std::make_shared<Lane>(executor, 2, 10);
  std::promise<void> gate;
  const std::shared_future<void> is_open = gate.get_future().share();
  std::atomic<int> running = 0, most = 0;
  std::vector<std::future<void>> done;
  for (int i = 0; i < 8; ++i) {
    auto promise = std::make_shared<std::promise<void>>();
    done.push_back(promise->get_future());
    ASSERT_TRUE(lane->post([&, promise] {
      const int now = ++running;
      for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
      }
      is_open.wait();
      --running;
      promise->set_value();
    }));
  }
  gate.set_value();
  for (auto& one : done) one.wait();
  EXPECT_LE(most, 2);
  executor.stop();
}

TEST(LaneTest, WhatIsTooMuchIsRefused) {
  Executor executor(4);
  const auto lane = std::make_shared<Lane>(executor, 1, 1);
  std::promise<void> gate;
  const std::shared_future<void> is_open = gate.get_future().share();
  std::promise<void> second;
  ASSERT_TRUE(lane->post([is_open] { is_open.wait(); }));
  ASSERT_TRUE(lane->post([&second] { second.set_value(); }));
  EXPECT_FALSE(lane->post([] {}));
  gate.set_value();
  second.get_future().wait();
  executor.stop();
}

}  // namespace
}  // namespace omashu::service
