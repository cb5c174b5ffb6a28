#include "base/pause.h"

#include <gtest/gtest.h>

#include <thread>

namespace omashu {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

TEST(Pause, EndsWhenTheTimeIsUp) {
  const std::stop_source source;
  pause(source.get_token(), milliseconds(1));
  EXPECT_FALSE(source.stop_requested());
}

TEST(Pause, EndsAtOnceWhereStopWasRequested) {
  std::stop_source source;
  source.request_stop();
  pause(source.get_token(), hours(1));
}

TEST(Pause, EndsWhenStopIsRequestedMeanwhile) {
  for (int round = 0; round < 100; ++round) {
    std::jthread thread([](const std::stop_token& stop) { pause(stop, hours(1)); });
    if (round % 2 == 0) std::this_thread::yield();
    thread.request_stop();
    thread.join();
  }
}

}  // namespace
}  // namespace omashu
