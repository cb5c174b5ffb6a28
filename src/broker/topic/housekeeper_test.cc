#include "broker/topic/housekeeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "base/mutex.h"
#include "base/testing/scratch_folder.h"
#include "broker/log/record_batch_builder.h"

namespace omashu::broker {
namespace {

using std::chrono::milliseconds;

class HousekeeperTest : public testing::Test {
 public:
  PartitionLog& make_log(TopicConfigs configs) {
    std::vector<TopicStore::NewTopic> topics;
    topics.push_back({"t", 1, std::move(configs)});
    EXPECT_TRUE(store_->create(std::move(topics)));
    return *store_->find("t")->partitions[0]->log();
  }

  static void append(PartitionLog& log, int64_t timestamp_ms) {
    std::string batch = RecordBatchBuilder(timestamp_ms).add("k", "v", timestamp_ms).build();
    ASSERT_EQ(log.append(batch, {.now_ms = timestamp_ms}).error, KafkaError::kNone);
  }

  // Waits for what the housekeeper does, not for a time.
  template <class Condition>
  static bool comes_true(const Condition& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < deadline) {
      if (condition()) return true;
      std::this_thread::yield();
    }
    return false;
  }

 protected:
  ScratchFolder scratch_;
  OpenFiles files_{real_file_system(), 8};
  std::unique_ptr<TopicStore> store_ = *TopicStore::open(files_, scratch_.path());
};

TEST_F(HousekeeperTest, OldRecordsGoByThemselves) {
  PartitionLog& log = make_log({{"retention.ms", "1000"}, {"segment.ms", "10"}});
  append(log, 1'000'000);
  append(log, 1'000'100);
  const Housekeeper housekeeper(*store_, [] { return int64_t{2'000'000}; }, milliseconds(1), nullptr);
  EXPECT_TRUE(comes_true([&] { return log.offsets()->log_start_offset == Offset{2}; }));
}

TEST_F(HousekeeperTest, CompactedTopicsKeepTheLatestOfEachKey) {
  PartitionLog& log =
      make_log({{"cleanup.policy", "compact"}, {"segment.ms", "10"}, {"min.cleanable.dirty.ratio", "0"}});
  for (int64_t i = 0; i < 5; ++i) append(log, 1'000'000 + 20 * i);
  const Housekeeper housekeeper(*store_, [] { return int64_t{1'000'200}; }, milliseconds(1), nullptr);
  // Reads go segment by segment: the first of those that are left now starts later.
  EXPECT_TRUE(comes_true([&] {
    const ReadResult first = log.read(Offset{0}, {.max_bytes = 1 << 20});
    std::string header(kBatchHeaderBytes, '\0');
    return first.records.size_bytes > 0 && first.records.file->read_all(first.records.position, header) &&
           RecordBatchHeader::parse(header)->base_offset > Offset{0};
  }));
}

TEST_F(HousekeeperTest, FilesOfDeletedTopicsGoBeforeTheNextRound) {
  append(make_log({}), 1);
  Housekeeper housekeeper(*store_, [] { return int64_t{1}; }, std::chrono::hours(1), nullptr);
  const std::string_view gone[] = {"t"};
  ASSERT_TRUE(store_->remove(gone));
  EXPECT_TRUE(store_->has_deleted_folders());
  housekeeper.topics_deleted();
  EXPECT_TRUE(comes_true([&] { return !store_->has_deleted_folders(); }));
  EXPECT_THAT(files_.file_system().list_folders(scratch_.path()).value(), testing::IsEmpty());
}

TEST_F(HousekeeperTest, WhatADeletionLeftIsRemovedAfterAStart) {
  append(make_log({}), 1);
  const std::string_view gone[] = {"t"};
  ASSERT_TRUE(store_->remove(gone));
  store_ = *TopicStore::open(files_, scratch_.path());
  const Housekeeper housekeeper(*store_, [] { return int64_t{1}; }, std::chrono::hours(1), nullptr);
  EXPECT_TRUE(comes_true([&] { return !store_->has_deleted_folders(); }));
}

TEST_F(HousekeeperTest, ATopicThatIsDeletedMeanwhileIsNoProblem) {
  append(make_log({}), 1);
  std::vector<std::string> reports;
  std::atomic<int> rounds = 0;
  {
    const auto wall_ms = [&] {
      const std::string_view gone[] = {"t"};
      if (rounds++ == 0) (void)store_->remove(gone);  // within the round that maintains it
      return int64_t{1};
    };
    const Housekeeper housekeeper(*store_, wall_ms, milliseconds(1),
                                  [&](const std::string& problem) { reports.push_back(problem); });
    EXPECT_TRUE(comes_true([&] { return rounds >= 2; }));
  }
  EXPECT_THAT(reports, testing::IsEmpty());
}

TEST_F(HousekeeperTest, AShorterIntervalHoldsAtOnce) {
  PartitionLog& log = make_log({{"retention.ms", "1000"}, {"segment.ms", "10"}});
  append(log, 1'000'000);
  append(log, 1'000'100);
  Housekeeper housekeeper(*store_, [] { return int64_t{2'000'000}; }, std::chrono::hours(1), nullptr);
  housekeeper.set_interval(milliseconds(1));
  EXPECT_TRUE(comes_true([&] { return log.offsets()->log_start_offset == Offset{2}; }));
}

TEST_F(HousekeeperTest, AProblemIsReportedOnce) {
  PartitionLog& log = make_log({});
  append(log, 1);
  ASSERT_TRUE(log.close());
  Mutex mutex;
  std::vector<std::string> reports;
  std::atomic<int> rounds = 0;
  {
    const Housekeeper housekeeper(
        *store_,
        [&] {
          ++rounds;
          return int64_t{1};
        },
        milliseconds(1),
        [&](const std::string& problem) {
          const MutexLock lock(mutex);
          reports.push_back(problem);
        });
    EXPECT_TRUE(comes_true([&] { return rounds >= 3; }));
  }
  EXPECT_THAT(reports, testing::ElementsAre(testing::StartsWith("t-0: ")));
}

}  // namespace
}  // namespace omashu::broker
