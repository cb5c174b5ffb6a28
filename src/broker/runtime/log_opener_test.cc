#include "broker/runtime/log_opener.h"

#include <gtest/gtest.h>

#include <future>

#include "broker/log/partition_log.h"
#include "broker/log/testing/memory_file_system.h"

namespace omashu::broker {
namespace {

constexpr std::chrono::seconds kPatience(30);

class LogOpenerTest : public testing::Test {
 public:
  LogOpenerTest() { EXPECT_TRUE(disk_.create_folder("data")); }

  std::shared_ptr<PartitionLog> make_log(const std::string& name) {
    return std::make_shared<PartitionLog>(files_, "data/" + name, TopicId{}, LogConfig{});
  }

  // Until it is released, the log's folder cannot be listed.
  void hold_up(const std::string& name) {
    disk_.set_fault([this, path = "data/" + name](MemoryFileSystem::Operation, const std::string& asked) {
      if (asked == path) released_.wait();
      return std::optional<Error>();
    });
  }

 protected:
  MemoryFileSystem disk_;
  OpenFiles files_{disk_, 8};
  std::promise<void> release_;
  std::shared_future<void> released_ = release_.get_future().share();
  Executor executor_{2};
  LogOpener opener_{executor_};
};

TEST_F(LogOpenerTest, CallsOnceAllLogsAreOpen) {
  const auto a = make_log("a-0"), b = make_log("b-0");
  std::promise<void> done;
  opener_.open({a, b}, [&] { done.set_value(); });
  ASSERT_EQ(done.get_future().wait_for(kPatience), std::future_status::ready);
  EXPECT_TRUE(a->is_open());
  EXPECT_TRUE(b->is_open());
}

TEST_F(LogOpenerTest, AnyNumberMayWaitForOneLogWhileOthersAreOpened) {
  hold_up("slow-0");
  const auto slow = make_log("slow-0");
  std::vector<std::promise<void>> opened(10);
  for (auto& done : opened) opener_.open({slow}, [&] { done.set_value(); });
  for (int i = 0; i < 3; ++i) {
    std::promise<void> done;
    opener_.open({make_log("quick-" + std::to_string(i))}, [&] { done.set_value(); });
    ASSERT_EQ(done.get_future().wait_for(kPatience), std::future_status::ready);
  }
  EXPECT_FALSE(slow->is_open());
  release_.set_value();
  for (auto& done : opened) ASSERT_EQ(done.get_future().wait_for(kPatience), std::future_status::ready);
  EXPECT_TRUE(slow->is_open());
}

TEST_F(LogOpenerTest, ALogThatCannotBeOpenedIsNotWaitedForForEver) {
  disk_.set_fault([](MemoryFileSystem::Operation, const std::string&) {
    return std::optional(Error{ErrorCode::kUnavailable, "too many open files", {}});
  });
  std::promise<void> done;
  opener_.open({make_log("a-0")}, [&] { done.set_value(); });
  EXPECT_EQ(done.get_future().wait_for(kPatience), std::future_status::ready);
}

}  // namespace
}  // namespace omashu::broker
