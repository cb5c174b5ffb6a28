#include "broker/runtime/flusher.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "broker/log/testing/log_fixture.h"

namespace omashu::broker {
namespace {

class FlusherTest : public testing::Test {
 public:
  std::shared_ptr<PartitionLog> log(const std::string& name) {
    return std::make_shared<PartitionLog>(files_, scratch_.path() + "/" + name, TopicId{1}, LogConfig{});
  }

  static int64_t append(PartitionLog& log) {
    std::string batch = RecordBatchBuilder(1).add("k", "v", 1).build();
    const AppendResult result = log.append(batch, {.now_ms = 1});
    EXPECT_EQ(result.error, KafkaError::kNone) << result.message;
    return result.last_offset;
  }

 private:
  ScratchFolder scratch_;
  OpenFiles files_{real_file_system(), 8};
};

TEST_F(FlusherTest, AnswersOnceTheLogIsOnTheDisk) {
  Flusher flusher(2);
  const auto log = this->log("t-0");
  const int64_t offset = append(*log);
  std::promise<int64_t> flushed;
  flusher.when_durable(log, [&](const Result<void>& result) {
    EXPECT_TRUE(result);
    flushed.set_value(log->flushed_offset());
  });
  auto future = flushed.get_future();
  ASSERT_EQ(future.wait_for(std::chrono::seconds(30)), std::future_status::ready);
  EXPECT_GT(future.get(), offset);
}

TEST_F(FlusherTest, EverybodyIsAnsweredOnceFromManyThreads) {
  constexpr int kThreads = 4, kAppends = 50;
  std::atomic<int> answers = 0;
  {
    Flusher flusher(3);
    const std::shared_ptr<PartitionLog> logs[] = {log("a-0"), log("a-1")};
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kAppends; ++i) {
          const auto& log = logs[(t + i) % 2];
          const int64_t offset = append(*log);
          flusher.when_durable(log, [&answers, log, offset](const Result<void>& result) {
            EXPECT_TRUE(result);
            EXPECT_GT(log->flushed_offset(), offset);
            ++answers;
          });
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(answers, kThreads * kAppends);
}

}  // namespace
}  // namespace omashu::broker
