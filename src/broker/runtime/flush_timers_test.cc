#include "broker/runtime/flush_timers.h"

#include <gtest/gtest.h>

#include <chrono>

#include "base/mutex.h"
#include "broker/log/partition_log.h"
#include "broker/log/record_batch_builder.h"
#include "broker/log/testing/memory_file_system.h"

namespace omashu::broker {
namespace {

class FlushTimersTest : public testing::Test {
 public:
  FlushTimersTest() {
    disk_.set_fault([this](MemoryFileSystem::Operation operation, const std::string& path) -> std::optional<Error> {
      if (operation != MemoryFileSystem::Operation::kSync || !path.ends_with(".log")) return std::nullopt;
      const MutexLock lock(mutex_);
      ++syncs_;
      changed_.notify_all();
      return std::nullopt;
    });
  }
  ~FlushTimersTest() override { timers_.stop(); }

  void append() {
    std::string batch = RecordBatchBuilder(1).add("k", "v", 1).build();
    ASSERT_EQ(log_->append(batch, {.now_ms = 1}).error, KafkaError::kNone);
  }
  void wait_for_syncs(int count) EXCLUDES(mutex_) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    MutexLock lock(mutex_);
    while (syncs_ < count) ASSERT_TRUE(changed_.wait_until(lock, deadline));
  }

 protected:
  Mutex mutex_;
  ConditionVariable changed_;
  int syncs_ GUARDED_BY(mutex_) = 0;
  MemoryFileSystem disk_;
  OpenFiles files_{disk_, 8};
  std::shared_ptr<PartitionLog> log_ = std::make_shared<PartitionLog>(files_, "t-0", TopicId{1}, LogConfig{});
  Flusher flusher_;
  Timers timers_{system_clock()};
  FlushTimers flush_timers_{system_clock(), timers_, flusher_};
};

TEST_F(FlushTimersTest, ALogIsSyncedWhenItsTimeHasCome) {
  append();
  flush_timers_.flush_within(log_, 1);
  wait_for_syncs(1);
  append();
  flush_timers_.flush_within(log_, 1);
  wait_for_syncs(2);
}

TEST_F(FlushTimersTest, TheFirstTimeDecides) {
  append();
  flush_timers_.flush_within(log_, 1);
  flush_timers_.flush_within(log_, 3'600'000);
  wait_for_syncs(1);
}

}  // namespace
}  // namespace omashu::broker
