// A log on a disk that is full, slow to take bytes, or broken.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "broker/log/testing/memory_log_fixture.h"

namespace omashu::broker {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Operation = MemoryFileSystem::Operation;

class LogFaultsTest : public MemoryLogFixture {};

TEST_F(LogFaultsTest, WritesAndReadsThatComeInPiecesAreWhole) {
  disk.set_max_bytes_per_call(7);
  config.index_interval_bytes = 100;
  config.segment_bytes = 1000;
  open();
  for (int i = 0; i < 50; ++i) append(fmt::format("value {}", i));
  EXPECT_THAT(values(), SizeIs(50));
  reopen_cleanly();
  EXPECT_THAT(values(), SizeIs(50));
  append("more");
  reopen_after_crash();
  EXPECT_THAT(values(), SizeIs(51));
}

TEST_F(LogFaultsTest, AFullDiskRefusesAppendsUntilThereIsRoom) {
  open();
  append("a");
  disk.set_capacity_bytes(200);
  const auto refused = append(std::string(100, 'b'));
  EXPECT_EQ(refused.error, KafkaError::kKafkaStorageError);
  EXPECT_THAT(refused.message, HasSubstr("no space left"));
  ASSERT_FALSE(log().last_append());
  EXPECT_EQ(log().last_append().error().message, refused.message);
  EXPECT_THAT(values(), ElementsAre("0:a"));
  EXPECT_TRUE(log().flush());
  disk.set_capacity_bytes(10'000);
  EXPECT_EQ(append("c").base_offset, Offset{1});
  EXPECT_TRUE(log().last_append());
  EXPECT_THAT(values(), ElementsAre("0:a", "1:c"));
  reopen_after_crash();
  EXPECT_THAT(values(), ElementsAre("0:a", "1:c"));
}

TEST_F(LogFaultsTest, ARefusedBatchOfAProducerMayComeAgain) {
  open();
  append_of_producer(ProducerId{9}, 0, {"a"});
  disk.set_capacity_bytes(200);
  EXPECT_EQ(append_of_producer(ProducerId{9}, 1, {std::string(100, 'b')}).error, KafkaError::kKafkaStorageError);
  disk.set_capacity_bytes(10'000);
  const auto again = append_of_producer(ProducerId{9}, 1, {std::string(100, 'b')});
  EXPECT_EQ(again.base_offset, Offset{1});
  EXPECT_FALSE(again.is_duplicate);
}

TEST_F(LogFaultsTest, WithoutRoomForANewSegmentTheNextAppendTriesAgain) {
  config.segment_bytes = 100;
  open();
  append("a");
  fail_on(Operation::kOpen, "01.log", ErrorCode::kUnavailable);
  EXPECT_EQ(append("b").error, KafkaError::kKafkaStorageError);
  fail_nothing();
  EXPECT_EQ(append("b").base_offset, Offset{1});
  EXPECT_THAT(files_with(".log"), SizeIs(2));
}

TEST_F(LogFaultsTest, AFullDiskDoesNotKeepRetentionFromFreeingSpace) {
  config.segment_bytes = 200;
  open();
  for (int i = 0; i < 10; ++i) append(std::string(100, 'a'));
  config.retention_bytes = 400;
  log().set_config(config);
  disk.set_capacity_bytes(0);
  ASSERT_EQ(append("b").error, KafkaError::kKafkaStorageError);
  EXPECT_EQ(log().maintain(now_ms).error().code, ErrorCode::kUnavailable);  // no room for a recovery point
  EXPECT_EQ(log().offsets()->log_start_offset, Offset{7});
  EXPECT_EQ(files_with(".log").front(), "00000000000000000007.log");
}

TEST_F(LogFaultsTest, AnErrorInWritingEndsAppendsButNotReads) {
  open();
  append("a");
  fail_on(Operation::kWrite, ".log", ErrorCode::kIo);
  EXPECT_EQ(append("b").error, KafkaError::kKafkaStorageError);
  fail_nothing();
  const auto refused = append("b");
  EXPECT_EQ(refused.error, KafkaError::kKafkaStorageError);
  EXPECT_THAT(refused.message, HasSubstr("injected on /data/topic-0/00000000000000000000.log"));
  EXPECT_THAT(values(), ElementsAre("0:a"));
  EXPECT_FALSE(log().flush());
  EXPECT_FALSE(log().maintain(now_ms));
  reopen_after_crash();
  EXPECT_EQ(append("b").base_offset, Offset{1});
}

TEST_F(LogFaultsTest, ATornTailThatCannotBeCutEndsAppends) {
  open();
  append("a");
  disk.set_capacity_bytes(200);
  fail_on(Operation::kTruncate, ".log", ErrorCode::kIo);
  EXPECT_EQ(append(std::string(200, 'b')).error, KafkaError::kKafkaStorageError);
  fail_nothing();
  disk.set_capacity_bytes(10'000);
  EXPECT_EQ(append("c").error, KafkaError::kKafkaStorageError);
  EXPECT_THAT(values(), ElementsAre("0:a"));
  reopen_after_crash();
  EXPECT_EQ(append("c").base_offset, Offset{1});
  EXPECT_THAT(values(), ElementsAre("0:a", "1:c"));
}

TEST_F(LogFaultsTest, AfterAFailedSyncNothingMoreIsSaidToBeOnTheDisk) {
  open();
  append("a");
  const Offset flushed = *log().flush();
  append("b");
  fail_on(Operation::kSync, ".log", ErrorCode::kIo);
  EXPECT_FALSE(log().flush());
  fail_nothing();
  EXPECT_FALSE(log().flush());
  EXPECT_FALSE(log().close());
  open();
  append("c");
  fail_on(Operation::kSync, ".log", ErrorCode::kIo);
  EXPECT_FALSE(log().flush());
  fail_nothing();
  EXPECT_EQ(append("d").error, KafkaError::kKafkaStorageError);
  EXPECT_LE(log().flushed_offset(), flushed);
  EXPECT_EQ(values().back().substr(values().back().find(':')), ":c");
}

TEST_F(LogFaultsTest, WhatAFullDiskRefusedToSyncIsWrittenAnew) {
  std::mt19937 random(1);
  config.segment_bytes = 400;
  open();
  append("a");
  ASSERT_TRUE(log().flush());
  for (int i = 0; i < 10; ++i) append(std::string(100, 'b'));  // in several segments
  const Offset end_offset = log().offsets()->log_end_offset;
  fail_on(Operation::kSync, ".log", ErrorCode::kUnavailable);
  EXPECT_FALSE(log().flush());
  EXPECT_EQ(append("c").base_offset, end_offset);
  EXPECT_EQ(log().flushed_offset(), Offset{1});
  fail_nothing();
  EXPECT_EQ(*log().flush(), end_offset + 1);
  disk.lose_power(random);
  reopen_after_crash();
  EXPECT_THAT(values(), SizeIs(12));
  EXPECT_THAT(reports, IsEmpty());
}

TEST_F(LogFaultsTest, ATornTailThatAFullDiskKeepsIsCutBeforeTheNextAppend) {
  open();
  append("a");
  disk.set_capacity_bytes(300);
  fail_on(Operation::kTruncate, ".log", ErrorCode::kUnavailable);
  EXPECT_EQ(append(std::string(400, 'b')).error, KafkaError::kKafkaStorageError);
  EXPECT_EQ(append("c").error, KafkaError::kKafkaStorageError);
  fail_nothing();
  EXPECT_EQ(append("d").base_offset, Offset{1});
  reopen_after_crash();
  EXPECT_THAT(values(), ElementsAre("0:a", "1:d"));
  EXPECT_THAT(reports, IsEmpty());
}

TEST_F(LogFaultsTest, PartOfAMetadataFileOnAFullDiskIsNotTakenForDamage) {
  open();
  disk.set_capacity_bytes(20);
  EXPECT_EQ(append("a").error, KafkaError::kKafkaStorageError);
  disk.set_capacity_bytes(10'000);
  reopen_after_crash();
  EXPECT_EQ(append("a").base_offset, Offset{0});
  EXPECT_THAT(reports, IsEmpty());
}

TEST_F(LogFaultsTest, ATornTailThatWasCutIsNotThereAgainAfterALossOfPower) {
  std::mt19937 random(1);
  config.segment_bytes = 300;
  open();
  for (int i = 0; i < 30; ++i) {
    append("a");
    ASSERT_TRUE(log().flush());
    disk.set_capacity_bytes(disk.used_bytes() + 50);
    EXPECT_EQ(append(std::string(100, 'b')).error, KafkaError::kKafkaStorageError);
    disk.set_capacity_bytes(1'000'000);
    const Offset last = append(std::string(200, 'c')).last_offset;  // in the next segment
    ASSERT_EQ(*log().flush(), last + 1);
    disk.lose_power(random);
    reopen_after_crash();
    ASSERT_EQ(log().offsets()->log_end_offset, last + 1);
  }
  EXPECT_THAT(reports, IsEmpty());
}

TEST_F(LogFaultsTest, ASegmentThatCouldNotBeMadeIsNotTakenForTheLogsEnd) {
  std::mt19937 random(1);
  config.segment_bytes = 300;
  for (const bool is_power_lost : {false, true}) {
    open();
    const Offset first = append(std::string(100, 'a')).base_offset;
    fail_on(Operation::kCreate, ".index", ErrorCode::kUnavailable);
    EXPECT_EQ(append(std::string(200, 'b')).error, KafkaError::kKafkaStorageError);
    EXPECT_EQ(append("c").base_offset, first + 1);  // fits into the segment that is there
    ASSERT_TRUE(log().flush());
    fail_nothing();
    if (is_power_lost) disk.lose_power(random);
    reopen_after_crash();
    EXPECT_EQ(log().offsets()->log_end_offset, first + 2);
    EXPECT_THAT(reports, IsEmpty());
    append(std::string(200, 'd'));  // closes the segment
  }
}

TEST_F(LogFaultsTest, AnErrorInReadingIsToldAndPasses) {
  open();
  append("a");
  fail_on(Operation::kRead, ".log", ErrorCode::kIo);
  EXPECT_EQ(log().read(Offset{0}, {.max_bytes = 1000}).error, KafkaError::kKafkaStorageError);
  fail_nothing();
  EXPECT_THAT(values(), ElementsAre("0:a"));
  EXPECT_EQ(append("b").error, KafkaError::kNone);
}

TEST_F(LogFaultsTest, WithoutAFileDescriptorOpeningIsTriedAgain) {
  open();
  append("a");
  reopen_after_crash();
  fail_on(Operation::kOpen, ".log", ErrorCode::kUnavailable);
  EXPECT_FALSE(log().offsets());
  EXPECT_EQ(append("b").error, KafkaError::kKafkaStorageError);
  fail_nothing();
  EXPECT_EQ(append("b").base_offset, Offset{1});
}

TEST_F(LogFaultsTest, WhatCannotBeOpenedIsToldEachTime) {
  open();
  append("a");
  reopen_after_crash();
  fail_on(Operation::kRead, ".log", ErrorCode::kIo);
  EXPECT_FALSE(log().offsets());
  fail_nothing();
  const auto refused = append("b");
  EXPECT_EQ(refused.error, KafkaError::kKafkaStorageError);
  EXPECT_THAT(refused.message, HasSubstr("injected"));
}

TEST_F(LogFaultsTest, AnIndexThatCannotBeWrittenDoesNotKeepRecordsOut) {
  config.index_interval_bytes = 1;
  open();
  fail_on(Operation::kWrite, "index", ErrorCode::kUnavailable);
  for (int i = 0; i < 200; ++i) ASSERT_EQ(append("a").error, KafkaError::kNone);
  EXPECT_TRUE(log().flush());
  EXPECT_THAT(values(), SizeIs(200));
  EXPECT_FALSE(log().close());
  fail_nothing();
  reopen_after_crash();
  EXPECT_THAT(values(), SizeIs(200));
}

TEST_F(LogFaultsTest, ARecoveryEndsWhereTheLogIsNotWantedAnyMore) {
  open();
  for (int i = 0; i < 40; ++i) append(std::string(100'000, 'a'));
  reopen_after_crash();
  int reads = 0;
  disk.set_fault([&](Operation what, const std::string& path) -> std::optional<Error> {
    if (what == Operation::kRead && path.ends_with(".log") && ++reads == 3) log().interrupt();
    return std::nullopt;
  });
  EXPECT_EQ(log().offsets().error().code, ErrorCode::kCancelled);
  EXPECT_EQ(reads, 3);
  fail_nothing();
  log().retire();
  EXPECT_EQ(log().offsets().error().code, ErrorCode::kNotFound);
  EXPECT_THAT(reports, IsEmpty());
}

}  // namespace
}  // namespace omashu::broker
