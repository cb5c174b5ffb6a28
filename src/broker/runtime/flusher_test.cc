#include "broker/runtime/flusher.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "broker/log/testing/log_fixture.h"
#include "broker/log/testing/memory_file_system.h"

namespace omashu::broker {
namespace {

class FlusherTest : public testing::Test {
 public:
  std::shared_ptr<PartitionLog> log(const std::string& name) {
    return std::make_shared<PartitionLog>(files_, scratch_.path() + "/" + name, TopicId{1}, LogConfig{});
  }

  static Offset append(PartitionLog& log) {
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
  Flusher flusher;
  const auto log = this->log("t-0");
  const Offset offset = append(*log);
  std::promise<Offset> flushed;
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
    Flusher flusher;
    const std::shared_ptr<PartitionLog> logs[] = {log("a-0"), log("a-1")};
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kAppends; ++i) {
          const auto& log = logs[(t + i) % 2];
          const Offset offset = append(*log);
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

TEST(Flusher, TheDiskBeginsWithAllLogsOfARoundBeforeOneIsWaitedFor) {
  using Operation = MemoryFileSystem::Operation;
  MemoryFileSystem file_system;
  OpenFiles files(file_system, 8);
  const auto new_log = [&](const std::string& folder) {
    return std::make_shared<PartitionLog>(files, folder, TopicId{1}, LogConfig{});
  };
  const std::shared_ptr<PartitionLog> first = new_log("first-0");
  const std::shared_ptr<PartitionLog> others[] = {new_log("other-0"), new_log("other-1")};
  std::string order;
  std::promise<void> has_begun, may_go_on;
  {
    Flusher flusher;
    FlusherTest::append(*first);
    flusher.when_durable(first, [&](const Result<void>&) {
      has_begun.set_value();
      may_go_on.get_future().wait();
    });
    has_begun.get_future().wait();
    file_system.set_fault([&order](Operation operation, const std::string& path) -> std::optional<Error> {
      if (!path.ends_with(".log")) return std::nullopt;
      if (operation == Operation::kStartSync) order += "start ";
      if (operation == Operation::kSync) order += "sync ";
      return std::nullopt;
    });
    for (const auto& log : others) {
      FlusherTest::append(*log);
      flusher.when_durable(log, [](const Result<void>& result) { EXPECT_TRUE(result); });
    }
    may_go_on.set_value();
  }
  EXPECT_EQ(order, "start start sync sync ");
}

}  // namespace
}  // namespace omashu::broker
