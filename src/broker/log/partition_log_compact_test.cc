#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <thread>
#include <utility>

#include "broker/log/testing/memory_log_fixture.h"

namespace omashu::broker {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Operation = MemoryFileSystem::Operation;

class LogCompactTest : public MemoryLogFixture {
 public:
  LogCompactTest() {
    config.is_compacted = true;
    config.is_deleted = false;
    config.min_cleanable_dirty_ratio = 0;
  }

  void put(std::string_view key, std::optional<std::string_view> value) {
    ASSERT_EQ(append_batch(RecordBatchBuilder(now_ms).add(key, value, now_ms).build()).error, KafkaError::kNone);
  }
  // A new active segment.
  void roll() {
    const int64_t segment_ms = std::exchange(config.segment_ms, 0);
    log().set_config(config);
    ASSERT_TRUE(log().maintain(now_ms));
    config.segment_ms = segment_ms;
    log().set_config(config);
  }
  // Does this when a file whose name ends so is written to.
  void on_write(std::string suffix, std::function<void()> action) {
    disk.set_fault([=](Operation operation, const std::string& path) -> std::optional<Error> {
      if (operation == Operation::kWrite && path.ends_with(suffix)) action();
      return std::nullopt;
    });
  }
  CompactionResult compact() {
    const auto result = log().compact({.now_ms = now_ms});
    EXPECT_TRUE(result) << result.error().message;
    return result.value_or(CompactionResult{});
  }
};

TEST_F(LogCompactTest, TheLatestOfEachKeyStaysAtItsOffset) {
  open();
  put("a", "1");
  put("b", "2");
  put("a", "3");
  roll();
  put("b", "4");
  compact();
  EXPECT_THAT(values(), ElementsAre("1:2", "2:3", "3:4"));  // "b" is dirty in the active segment only
  roll();
  const auto result = compact();
  EXPECT_TRUE(result.is_complete);
  EXPECT_LT(result.bytes_after, result.bytes_before);
  EXPECT_THAT(values(), ElementsAre("2:3", "3:4"));
  EXPECT_EQ(log().offsets()->log_start_offset, Offset{0});
  EXPECT_EQ(log().offsets()->log_end_offset, Offset{4});
  reopen_cleanly();
  EXPECT_THAT(values(), ElementsAre("2:3", "3:4"));
  EXPECT_EQ(log().offsets()->log_start_offset, Offset{0});
}

TEST_F(LogCompactTest, AReadFromARemovedOffsetGivesTheNextThere) {
  config.segment_bytes = 150;
  open();
  for (int i = 0; i < 10; ++i) put("a", fmt::format("{}", i));
  compact();
  EXPECT_THAT(values_of(log().read(Offset{0}, {.max_bytes = 1000})), ElementsAre("7:7"));
  EXPECT_THAT(values_of(log().read(Offset{3}, {.max_bytes = 1000})), ElementsAre("7:7"));
  EXPECT_THAT(values_of(log().read(Offset{8}, {.max_bytes = 1000})), ElementsAre("8:8", "9:9"));
}

TEST_F(LogCompactTest, NeighboursThatFitTogetherBecomeOneSegment) {
  config.segment_bytes = 150;
  open();
  for (int i = 0; i < 10; ++i) put(i % 2 == 0 ? "a" : fmt::format("k{}", i), "v");
  ASSERT_THAT(files_with(".log"), SizeIs(5));
  compact();  // each segment is as large as a segment may be
  ASSERT_THAT(files_with(".log"), SizeIs(5));
  put("a", "v");
  put("a", "v");
  compact();
  EXPECT_THAT(files_with(".log"),
              ElementsAre("00000000000000000000.log", "00000000000000000004.log", "00000000000000000006.log",
                          "00000000000000000008.log", "00000000000000000010.log"));
  EXPECT_THAT(values(), ElementsAre("1:v", "3:v", "5:v", "7:v", "8:v", "9:v", "10:v", "11:v"));
  EXPECT_THAT(files_with(".deleted"), IsEmpty());
  EXPECT_THAT(files_with(".cleaned"), IsEmpty());
  EXPECT_THAT(files_with(".swap"), IsEmpty());
}

TEST_F(LogCompactTest, WhenAllIsGoneTheLogStillStartsAndEndsWhereItDid) {
  open();
  put("a", "1");
  roll();
  put("a", "2");
  roll();
  compact();
  EXPECT_THAT(values(), ElementsAre("1:2"));
  EXPECT_EQ(log().offsets()->log_start_offset, Offset{0});
  reopen_after_crash();
  EXPECT_EQ(log().offsets()->log_start_offset, Offset{0});
  EXPECT_EQ(log().offsets()->log_end_offset, Offset{2});
  EXPECT_THAT(values_of(log().read(Offset{0}, {.max_bytes = 1000})), ElementsAre("1:2"));
}

TEST_F(LogCompactTest, TombstonesGoAfterTheirRetention) {
  config.delete_retention_ms = 1000;
  open();
  put("a", "1");
  put("a", std::nullopt);
  roll();
  compact();
  EXPECT_THAT(values(), ElementsAre("1:-"));
  now_ms += 999;
  put("x", "1");
  roll();
  compact();
  EXPECT_THAT(values(), ElementsAre("1:-", "2:1"));
  now_ms += 1;
  put("x", "2");
  roll();
  compact();
  EXPECT_THAT(values(), ElementsAre("3:2"));
}

TEST_F(LogCompactTest, WhoReadsToTheEndGetsThereThoughNothingIsLeft) {
  config.is_compacted = false;
  open();
  append("without a key");
  append("without a key");
  config.is_compacted = true;
  roll();
  compact();
  const std::string left = bytes_of(log().read(Offset{0}, {.max_bytes = 1000}));
  const auto batch = RecordBatchView::parse(left);
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->header.records_count, 0);
  EXPECT_EQ(batch->header.next_offset(), log().offsets()->log_end_offset);
}

TEST_F(LogCompactTest, WhatIsYoungerThanTheLagStays) {
  config.min_compaction_lag_ms = 1000;
  open();
  put("a", "1");
  put("a", "2");
  roll();
  now_ms += 500;
  put("a", "3");
  roll();
  now_ms += 499;
  compact();
  EXPECT_THAT(values(), SizeIs(3));
  now_ms += 1;
  compact();
  EXPECT_THAT(values(), ElementsAre("1:2", "2:3"));
  now_ms += 500;
  compact();
  EXPECT_THAT(values(), ElementsAre("2:3"));
}

TEST_F(LogCompactTest, ItIsDueWhenEnoughIsDirty) {
  config.min_cleanable_dirty_ratio = 0.5;
  config.segment_bytes = 150;
  open();
  EXPECT_FALSE(log().compaction_need(now_ms)->is_due);
  const auto need = [&] {
    EXPECT_TRUE(log().flush());
    EXPECT_TRUE(log().close());
    open();
    return *log().compaction_need(now_ms);
  };
  for (int i = 0; i < 8; ++i) put(fmt::format("k{}", i), "v");
  roll();
  EXPECT_TRUE(need().is_due);
  EXPECT_EQ(need().dirty_ratio, 1);
  compact();
  EXPECT_FALSE(need().is_due);
  for (int i = 0; i < 8; ++i) put(fmt::format("k{}", i), "v");
  roll();
  EXPECT_FALSE(need().is_due);
  EXPECT_DOUBLE_EQ(need().dirty_ratio, 0.5);
  put("a", "v");
  roll();
  EXPECT_TRUE(need().is_due);
}

TEST_F(LogCompactTest, ItIsDueWhenItsLagIsUp) {
  config.min_cleanable_dirty_ratio = 1;
  config.max_compaction_lag_ms = 1000;
  open();
  put("a", "v");
  roll();
  reopen_cleanly();
  now_ms += 1000;
  EXPECT_FALSE(log().compaction_need(now_ms)->is_due);
  now_ms += 1;
  EXPECT_TRUE(log().compaction_need(now_ms)->is_due);
  compact();
  EXPECT_FALSE(log().compaction_need(now_ms)->is_due);
}

// Such a timestamp is refused today, but may be in the segments of a log.
TEST_F(LogCompactTest, NoTimestampIsTooLongAgo) {
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
  config.max_compaction_lag_ms = 1000;
  open();
  put("a", "1");
  roll();
  const auto file = *disk.open(folder() + "/00000000000000000000.log", FileSystem::OpenMode::kExisting);
  std::string bytes(*file->size_bytes(), '\0');
  ASSERT_TRUE(file->read_all(0, bytes));
  RecordBatchHeader header = RecordBatchView::parse(bytes)->header;
  header.base_timestamp = header.max_timestamp = kMin;
  ASSERT_TRUE(file->write_all(0, build_batch(header, RecordBatchView::parse(bytes)->records())));
  reopen_after_crash();
  config.min_cleanable_dirty_ratio = 1;
  log().set_config(config);
  ASSERT_TRUE(log().flush());
  ASSERT_TRUE(log().maintain(now_ms));
  EXPECT_TRUE(log().compaction_need(now_ms).value().is_due);
  EXPECT_TRUE(log().compact({.now_ms = now_ms}));
  EXPECT_THAT(values(), ElementsAre("0:1"));
}

TEST_F(LogCompactTest, OnlyCompactedTopicsNeedIt) {
  config.is_compacted = false;
  open();
  put("a", "v");
  roll();
  reopen_cleanly();
  EXPECT_FALSE(log().compaction_need(now_ms)->is_due);
}

TEST_F(LogCompactTest, AMapThatIsTooSmallTakesSeveralRounds) {
  config.segment_bytes = 20'000;
  open();
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 2000; ++i) put(fmt::format("key {}", i), fmt::format("{}", round));
  }
  roll();
  int rounds = 1;
  for (; rounds < 100; ++rounds) {
    const auto result = log().compact({.now_ms = now_ms, .max_map_bytes = 1});
    ASSERT_TRUE(result);
    if (result->is_complete) break;
  }
  EXPECT_GT(rounds, 5);
  EXPECT_LT(rounds, 50);
  const auto left = values();
  ASSERT_EQ(left.size(), 2000u);
  EXPECT_EQ(left.front(), "4000:2");
}

TEST_F(LogCompactTest, ProducersAreKnownAfterwards) {
  open();
  const auto keyed = [&](int32_t sequence) {
    return append_batch(
        RecordBatchBuilder(now_ms).add("a", "v", now_ms).set_producer(ProducerId{9}, 0, sequence).build());
  };
  keyed(0);
  keyed(1);
  roll();
  put("a", "v");
  roll();
  compact();
  EXPECT_THAT(values(), ElementsAre("2:v"));
  EXPECT_TRUE(keyed(1).is_duplicate);
  EXPECT_TRUE(disk.remove_file(folder() + "/00000000000000000003.snapshot"));
  reopen_after_crash();
  EXPECT_TRUE(keyed(1).is_duplicate);
  EXPECT_EQ(keyed(1).base_offset, Offset{1});
  EXPECT_EQ(keyed(3).error, KafkaError::kOutOfOrderSequenceNumber);
}

TEST_F(LogCompactTest, AReaderKeepsTheSegmentThatIsReplaced) {
  open();
  put("a", "1");
  put("a", "2");
  const ReadResult before = log().read(Offset{0}, {.max_bytes = 1000});
  roll();
  compact();
  EXPECT_THAT(values_of(before), ElementsAre("0:1", "1:2"));
  EXPECT_THAT(values(), ElementsAre("1:2"));
}

TEST_F(LogCompactTest, DamageIsToldAndNothingIsReplaced) {
  open();
  put("a", "1");
  put("a", "2");
  roll();
  ASSERT_TRUE(
      (*disk.open(folder() + "/00000000000000000000.log", FileSystem::OpenMode::kExisting))->write_all(66, "X"));
  const auto result = log().compact({.now_ms = now_ms});
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("cannot be compacted"));
  EXPECT_THAT(files_with(".cleaned"), IsEmpty());
  EXPECT_EQ(log().offsets()->log_end_offset, Offset{2});
  EXPECT_EQ(log().compaction_need(now_ms).error().message, result.error().message);  // not to be tried again
}

TEST_F(LogCompactTest, TheLogsLastRecordStaysThoughItBeATombstone) {
  config.delete_retention_ms = 100;
  open();
  put("a", "1");
  put("b", "1");
  put("a", std::nullopt);
  put("b", std::nullopt);
  roll();
  compact();
  now_ms += 1000;
  put("c", "1");
  roll();
  compact();
  EXPECT_THAT(values(), ElementsAre("4:1")) << "the others were not the last any more";
  put("c", std::nullopt);
  for (int i = 0; i < 3; ++i) {
    roll();
    compact();
    now_ms += 1000;
  }
  EXPECT_THAT(values(), ElementsAre("5:-"));
  put("d", "1");
  roll();
  compact();
  EXPECT_THAT(values(), ElementsAre("6:1"));
}

TEST_F(LogCompactTest, AFullDiskLeavesTheLogAsItWas) {
  open();
  put("a", "1");
  put("b", "1");
  put("a", "2");
  roll();
  ASSERT_TRUE(log().flush());
  fail_on(Operation::kWrite, ".cleaned", ErrorCode::kUnavailable);
  EXPECT_EQ(log().compact({.now_ms = now_ms}).error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(files_with(".cleaned"), IsEmpty());
  EXPECT_THAT(values(), SizeIs(3));
  EXPECT_EQ(append_batch(RecordBatchBuilder(1).add("c", "v", 1).build()).error, KafkaError::kNone);
  fail_nothing();
  compact();
  EXPECT_THAT(values(), ElementsAre("1:1", "2:2", "3:v"));
}

// A swap that nobody knew of would later replace segments that have changed since.
TEST_F(LogCompactTest, ASwapThatAFullDiskRefusesIsTakenBack) {
  for (const Operation failing : {Operation::kRename, Operation::kSyncFolder}) {
    open();
    put("a", "1");
    put("a", "2");
    roll();
    ASSERT_TRUE(log().maintain(now_ms));
    disk.set_fault([&](Operation operation, const std::string& path) -> std::optional<Error> {
      if (operation != failing) return std::nullopt;
      if (failing == Operation::kSyncFolder && files_with(".swap").empty()) return std::nullopt;
      if (failing == Operation::kRename && !path.ends_with(".log.cleaned")) return std::nullopt;
      return Error{ErrorCode::kUnavailable, "injected on " + path, std::nullopt};
    });
    EXPECT_EQ(log().compact({.now_ms = now_ms}).error().code, ErrorCode::kUnavailable);
    fail_nothing();
    EXPECT_THAT(files_with(".swap"), IsEmpty());
    EXPECT_THAT(files_with(".cleaned"), IsEmpty());
    put("a", "3");
    compact();
    put("a", "4");
  }
}

TEST_F(LogCompactTest, AFullDiskInTheMiddleOfASwapIsWaitedFor) {
  open();
  config.segment_bytes = 200;
  log().set_config(config);
  for (int i = 0; i < 9; ++i) put("a", fmt::format("{}", i));
  ASSERT_TRUE(log().flush());
  fail_on(Operation::kRename, ".log.swap", ErrorCode::kUnavailable);
  EXPECT_EQ(log().compact({.now_ms = now_ms}).error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(log().offsets());
  EXPECT_EQ(append_batch(RecordBatchBuilder(1).add("a", "v", 1).build()).error, KafkaError::kKafkaStorageError);
  fail_nothing();
  EXPECT_EQ(log().offsets()->log_end_offset, Offset{9});
  EXPECT_EQ(values().back(), "8:8");
  put("a", "9");
  compact();
  EXPECT_EQ(values().back(), "9:9");
  EXPECT_THAT(reports, IsEmpty());
}

// Otherwise what it leaves out would be taken for lost after a crash.
TEST_F(LogCompactTest, NoCompactionBeginsBeforeTheDiskKnowsHowFarItMayReach) {
  open();
  put("a", "1");
  put("a", "2");
  roll();
  fail_on(Operation::kWrite, "log.checkpoint.new", ErrorCode::kUnavailable);
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(log().compact({.now_ms = now_ms}));
  EXPECT_THAT(values(), ElementsAre("0:1", "1:2"));
  fail_nothing();
  compact();
  reopen_after_crash();
  EXPECT_THAT(values(), ElementsAre("1:2"));
  EXPECT_THAT(reports, IsEmpty());
}

TEST_F(LogCompactTest, AppendsReadsAndFlushesGoOnMeanwhile) {
  open();
  put("a", "1");
  put("a", "2");
  roll();
  int during = 0;
  on_write(".log.cleaned", [&] {
    put("b", fmt::format("{}", during++));
    EXPECT_TRUE(log().flush());
    EXPECT_EQ(values().front(), "0:1");
  });
  compact();
  EXPECT_EQ(during, 1);
  EXPECT_THAT(values(), ElementsAre("1:2", "2:0"));
}

TEST_F(LogCompactTest, DeletingRecordsMayOvertakeIt) {
  config.segment_bytes = 150;
  open();
  for (int i = 0; i < 10; ++i) put("a", "v");
  bool is_done = false;
  on_write(".log.cleaned", [&] {
    if (std::exchange(is_done, true)) return;
    EXPECT_EQ(log().delete_records(Offset{8}, now_ms).low_watermark, Offset{8});
  });
  EXPECT_EQ(log().compact({.now_ms = now_ms}).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(is_done);
  disk.set_fault(nullptr);
  EXPECT_THAT(files_with(".cleaned"), IsEmpty());
  EXPECT_THAT(values(), ElementsAre("8:v", "9:v"));
  compact();
  EXPECT_THAT(values(), ElementsAre("8:v", "9:v"));
}

TEST_F(LogCompactTest, ClosingEndsIt) {
  config.segment_bytes = 150;
  open();
  for (int i = 0; i < 10; ++i) put("a", "v");
  std::thread closing;
  on_write(".log.cleaned", [&] {
    if (closing.joinable()) return;
    std::promise<void> begun;
    closing = std::thread([&] {
      begun.set_value();
      EXPECT_TRUE(log().close());
    });
    begun.get_future().wait();
  });
  (void)log().compact({.now_ms = now_ms});  // cancelled, unless it was faster
  closing.join();
  disk.set_fault(nullptr);
  reopen_after_crash();
  EXPECT_EQ(values().back(), "9:v");
}

}  // namespace
}  // namespace omashu::broker
