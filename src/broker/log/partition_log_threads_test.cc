// One log, used from many threads at once.

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <thread>

#include "broker/log/testing/log_fixture.h"

namespace omashu::broker {
namespace {

constexpr int kKeys = 20;
constexpr int kRecords = 3000;

class LogThreadsTest : public LogFixture {
 public:
  void append_all() {
    for (int i = 0; i < kRecords; ++i) {
      const std::string key = std::to_string(i % kKeys);
      const auto result = append_batch(RecordBatchBuilder(now_ms).add(key, std::to_string(i), now_ms).build());
      ASSERT_EQ(result.error, KafkaError::kNone) << result.message;
    }
  }

  // From the start to the end, over and over: offsets grow, and what is read is whole.
  void read_all() {
    while (!is_done_) {
      Offset offset{0};
      for (;;) {
        const auto some = values_of(log().read(offset, {.max_bytes = 5000, .min_one_batch = true}));
        if (some.empty()) break;
        for (const std::string& value : some) {
          const Offset found{std::stoll(value)};
          ASSERT_EQ(value, fmt::format("{}:{}", found, found));
          ASSERT_GE(found, offset);
          offset = found + 1;
        }
      }
    }
  }

  template <class Action>
  void repeat(Action&& action) {
    while (!is_done_) {
      const auto result = action();
      ASSERT_TRUE(result) << result.error().message;
    }
  }

  std::atomic<bool> is_done_ = false;
};

TEST_F(LogThreadsTest, AppendsReadsFlushesAndCompactionsDoNotDisturbEachOther) {
  config.is_compacted = true;
  config.is_deleted = false;
  config.segment_bytes = 8000;
  config.index_interval_bytes = 500;
  open();
  std::vector<std::thread> threads;
  threads.emplace_back([this] { read_all(); });
  threads.emplace_back([this] { repeat([this] { return log().flush(); }); });
  threads.emplace_back([this] { repeat([this] { return log().maintain(now_ms); }); });
  threads.emplace_back([this] { repeat([this] { return log().compact({.now_ms = now_ms}); }); });
  threads.emplace_back([this] { repeat([this] { return log().offset_for_timestamp(now_ms); }); });
  append_all();
  is_done_ = true;
  for (std::thread& thread : threads) thread.join();
  reopen_cleanly();
  std::map<int64_t, int64_t> latest;
  for (const std::string& value : values()) {
    const int64_t number = std::stoll(value);
    latest[number % kKeys] = number;
  }
  ASSERT_EQ(latest.size(), size_t{kKeys});
  for (const auto& [key, number] : latest) EXPECT_EQ(number, kRecords - kKeys + key);
}

}  // namespace
}  // namespace omashu::broker
