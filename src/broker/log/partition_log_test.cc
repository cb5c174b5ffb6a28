#include "broker/log/partition_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "broker/log/big_endian.h"
#include "broker/log/testing/log_fixture.h"

namespace omashu::broker {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(LogFixture, NothingIsOnTheDiskBeforeTheFirstAppend) {
  open();
  EXPECT_EQ(log().offsets()->log_end_offset, Offset{0});
  EXPECT_EQ(log().read(Offset{0}, {.max_bytes = 1000}).error, KafkaError::kNone);
  EXPECT_FALSE(std::filesystem::exists(folder()));
  EXPECT_EQ(append("a").base_offset, Offset{0});
  EXPECT_TRUE(std::filesystem::exists(folder() + "/00000000000000000000.log"));
}

TEST_F(LogFixture, BatchesGetTheirOffsetsAndAreReadBack) {
  open();
  EXPECT_EQ(append("a", "b").base_offset, Offset{0});
  const auto second = append("c");
  EXPECT_EQ(second.base_offset, Offset{2});
  EXPECT_EQ(second.last_offset, Offset{2});
  EXPECT_EQ(second.log_append_time_ms, -1);
  EXPECT_THAT(values(), ElementsAre("0:a", "1:b", "2:c"));
  EXPECT_EQ(log().read(Offset{3}, {.max_bytes = 1000}).records.size_bytes, 0u);
  EXPECT_EQ(log().read(Offset{3}, {.max_bytes = 1000}).high_watermark, Offset{3});
  EXPECT_EQ(log().read(Offset{4}, {.max_bytes = 1000}).error, KafkaError::kOffsetOutOfRange);
  EXPECT_EQ(log().read(kNoOffset, {.max_bytes = 1000}).error, KafkaError::kOffsetOutOfRange);
}

TEST_F(LogFixture, AnOffsetWithinABatchGivesTheWholeBatch) {
  open();
  append("a", "b", "c");
  append("d");
  EXPECT_THAT(values_of(log().read(Offset{1}, {.max_bytes = 1000})), ElementsAre("0:a", "1:b", "2:c", "3:d"));
  EXPECT_THAT(values_of(log().read(Offset{3}, {.max_bytes = 1000})), ElementsAre("3:d"));
}

TEST_F(LogFixture, TheFirstBatchComesWholeWhereItIsAskedFor) {
  open();
  append(std::string(500, 'a'));
  append("b");
  EXPECT_EQ(log().read(Offset{0}, {.max_bytes = 100}).records.size_bytes, 0u);
  EXPECT_THAT(values_of(log().read(Offset{0}, {.max_bytes = 100, .min_one_batch = true})),
              ElementsAre("0:" + std::string(500, 'a')));
  EXPECT_THAT(values_of(log().read(Offset{0}, {.max_bytes = 600})),
              ElementsAre("0:" + std::string(500, 'a')));  // cut in the second
}

TEST_F(LogFixture, NothingIsReadFromTheUpperBoundOn) {
  open();
  append("a");
  append("b", "c");
  append("d");
  const auto read = [&](int64_t offset, int64_t bound) {
    return values_of(
        log().read(Offset{offset}, {.max_bytes = 1000, .min_one_batch = true, .upper_bound_offset = Offset{bound}}));
  };
  EXPECT_THAT(read(0, 1), ElementsAre("0:a"));
  EXPECT_THAT(read(0, 3), ElementsAre("0:a", "1:b", "2:c"));
  EXPECT_THAT(read(1, 1), IsEmpty());
  EXPECT_THAT(read(0, 2), ElementsAre("0:a"));
}

TEST_F(LogFixture, SegmentsRollBySizeAndAreReadInARow) {
  config.segment_bytes = 1000;
  open();
  for (int i = 0; i < 20; ++i) append(fmt::format("{:0>300}", i));
  EXPECT_EQ(files_with(".log").size(), 10u);
  EXPECT_THAT(files_with(".log"), testing::Contains("00000000000000000018.log"));
  const auto all = values();
  ASSERT_EQ(all.size(), 20u);
  EXPECT_EQ(all[19], fmt::format("19:{:0>300}", 19));
}

TEST_F(LogFixture, SegmentsRollByTime) {
  config.segment_ms = 1000;
  open();
  now_ms = 10'000;
  append("a");
  now_ms = 10'999;
  append("b");
  now_ms = 11'000;
  append("c");
  EXPECT_THAT(files_with(".log"), ElementsAre("00000000000000000000.log", "00000000000000000002.log"));
}

TEST_F(LogFixture, SegmentsRollWhenAnIndexIsFull) {
  config.index_interval_bytes = 0;
  config.segment_index_bytes = 36;  // three entries of the time index, four of the other
  open();
  for (int i = 0; i < 9; ++i) {
    ++now_ms;
    append(std::string(50, 'v'));
  }
  EXPECT_EQ(values().size(), 9u);
  const auto logs = files_with(".log");
  ASSERT_GE(logs.size(), 2u);
  reopen_cleanly();
  for (const char* suffix : {".index", ".timeindex"}) {
    for (const std::string& name : files_with(suffix)) {
      EXPECT_LE(std::filesystem::file_size(folder() + "/" + name), 36u) << name;
    }
  }
}

TEST_F(LogFixture, JitterClosesSegmentsEarlierButNeverLater) {
  config.segment_ms = 1000;
  config.segment_jitter_ms = 500;
  open();
  const int64_t first_ms = now_ms;
  append("a");
  now_ms = first_ms + 499;
  append("b");
  EXPECT_EQ(files_with(".log").size(), 1u);
  now_ms = first_ms + 1000;
  append("c");
  EXPECT_EQ(files_with(".log").size(), 2u);
}

TEST_F(LogFixture, RecordsAreStoredInTheCodecOfTheTopic) {
  config.compression_type = Compression::kZstd;
  open();
  EXPECT_EQ(append(std::string(1000, 'a')).error, KafkaError::kNone);
  EXPECT_EQ(append("b").base_offset, Offset{1});
  const std::string bytes = bytes_of(log().read(Offset{0}, {.max_bytes = 1000}));
  const auto batch = RecordBatchView::parse(bytes);
  ASSERT_TRUE(batch && batch->has_valid_crc());
  EXPECT_EQ(batch->header.codec(), static_cast<int16_t>(Compression::kZstd));
  EXPECT_LT(batch->bytes.size(), 200u);
  config.message_timestamp_type = TimestampType::kLogAppendTime;
  log().set_config(config);
  EXPECT_EQ(append("c").log_append_time_ms, now_ms);
}

TEST_F(LogFixture, AnAppendSaysWhenTheLogIsToBeSynced) {
  constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
  open();
  EXPECT_EQ(append("a").flush_within_ms, kNever);
  config.flush_ms = 70;
  config.flush_messages = 3;
  log().set_config(config);
  EXPECT_EQ(append("b").flush_within_ms, 70);
  EXPECT_EQ(append("c").flush_within_ms, 0) << "three records are not on the disk";
  ASSERT_TRUE(log().flush());
  EXPECT_EQ(append("d").flush_within_ms, 70);
}

TEST_F(LogFixture, IndexesFindEveryOffset) {
  config.index_interval_bytes = 500;
  config.segment_bytes = 100'000;
  open();
  for (int i = 0; i < 2000; ++i) append(fmt::format("{:0>50}", i));
  const auto check = [&] {
    for (Offset offset{0}; offset < Offset{2000}; ++offset) {
      const auto read = log().read(offset, {.max_bytes = 1, .min_one_batch = true});
      ASSERT_THAT(values_of(read), ElementsAre(fmt::format("{}:{:0>50}", offset, offset)));
    }
  };
  check();
  reopen_cleanly();
  check();
  EXPECT_GT(std::filesystem::file_size(folder() + "/00000000000000000000.index"), 100u);
}

TEST_F(LogFixture, AWrongIndexCostsTimeOnly) {
  config.index_interval_bytes = 100;
  config.segment_bytes = 2000;
  open();
  for (int i = 0; i < 40; ++i) append(fmt::format("{:0>50}", i));
  reopen_cleanly();
  std::string wrong(80, '\0');
  for (size_t i = 0; i < 80; i += 8) {
    store_big_endian(wrong.data() + i, static_cast<int32_t>(i));
    store_big_endian(wrong.data() + i + 4, static_cast<int32_t>(i * 13 + 5));
  }
  std::ofstream(folder() + "/00000000000000000000.index", std::ios::binary) << wrong;
  EXPECT_EQ(values().size(), 40u);
}

TEST_F(LogFixture, LogAppendTimeIsWrittenIntoTheBatch) {
  config.message_timestamp_type = TimestampType::kLogAppendTime;
  open();
  now_ms = 777;
  EXPECT_EQ(append("a").log_append_time_ms, 777);
  const std::string bytes = bytes_of(log().read(Offset{0}, {.max_bytes = 1000}));
  const auto batch = RecordBatchView::parse(bytes);
  ASSERT_TRUE(batch);
  EXPECT_TRUE(batch->has_valid_crc());
  EXPECT_TRUE(batch->header.is_log_append_time());
  EXPECT_EQ(batch->header.max_timestamp, 777);
}

TEST_F(LogFixture, WhatAClientMayNotSendIsRefused) {
  config.max_message_bytes = 400;
  config.segment_bytes = 300;
  open();
  const auto refused = [&](auto change) {
    std::string batch = RecordBatchBuilder(1).add("k", "v", 1).build();
    change(batch);
    store_big_endian(batch.data() + batch_field::kCrc, batch_crc(batch));
    return append_batch(batch).error;
  };
  const auto attributes = [](int16_t bits) {
    return [bits](std::string& batch) { store_big_endian(batch.data() + batch_field::kAttributes, bits); };
  };
  EXPECT_EQ(refused([](std::string&) {}), KafkaError::kNone);
  EXPECT_EQ(refused([](std::string& batch) { batch.pop_back(); }), KafkaError::kCorruptMessage);
  EXPECT_EQ(refused([](std::string& batch) { batch += batch; }), KafkaError::kInvalidRecord);
  EXPECT_EQ(refused([](std::string& batch) { batch[batch_field::kMagic] = 1; }),
            KafkaError::kUnsupportedForMessageFormat);
  EXPECT_EQ(refused([](std::string& batch) { batch[batch_field::kMagic] = 3; }), KafkaError::kCorruptMessage);
  EXPECT_EQ(refused(attributes(5)), KafkaError::kUnsupportedCompressionType);
  EXPECT_EQ(refused(attributes(kControlBit)), KafkaError::kInvalidRecord);
  EXPECT_EQ(refused(attributes(kDeleteHorizonBit)), KafkaError::kInvalidRecord);
  EXPECT_EQ(refused(attributes(kTransactionalBit)), KafkaError::kInvalidTxnState);
  EXPECT_EQ(refused(attributes(kLogAppendTimeBit)), KafkaError::kInvalidTimestamp);
  EXPECT_EQ(
      refused([](std::string& batch) { store_big_endian(batch.data() + batch_field::kRecordsCount, int32_t{2}); }),
      KafkaError::kInvalidRecord);
  EXPECT_EQ(refused([](std::string& batch) {
              store_big_endian(batch.data() + batch_field::kRecordsCount, int32_t{2});
              store_big_endian(batch.data() + batch_field::kLastOffsetDelta, int32_t{1});
            }),
            KafkaError::kCorruptMessage);
  EXPECT_EQ(refused([](std::string& batch) { store_big_endian(batch.data() + batch_field::kProducerId, int64_t{1}); }),
            KafkaError::kInvalidRecord);
  EXPECT_EQ(
      refused([](std::string& batch) { batch = RecordBatchBuilder(1).add("k", std::string(250, 'v'), 1).build(); }),
      KafkaError::kRecordListTooLarge);
  EXPECT_EQ(
      refused([](std::string& batch) { batch = RecordBatchBuilder(1).add("k", std::string(350, 'v'), 1).build(); }),
      KafkaError::kMessageTooLarge);
  std::string wrong_crc = RecordBatchBuilder(1).add("k", "v", 1).build();
  wrong_crc.back() = static_cast<char>(wrong_crc.back() ^ 1);
  EXPECT_EQ(append_batch(wrong_crc).error, KafkaError::kCorruptMessage);
  EXPECT_EQ(log().offsets()->log_end_offset, Offset{1});
}

TEST_F(LogFixture, ACompactedTopicWantsKeys) {
  config.is_compacted = true;
  open();
  EXPECT_EQ(append_batch(RecordBatchBuilder(1).add("k", "v", 1).add("", "v", 1).build()).error, KafkaError::kNone);
  EXPECT_EQ(append_batch(RecordBatchBuilder(1).add("k", "v", 1).add(std::nullopt, "v", 1).build()).error,
            KafkaError::kInvalidRecord);
}

TEST_F(LogFixture, ABatchSentAgainGetsTheOffsetsItHad) {
  open();
  append("before");
  const auto first = append_of_producer(ProducerId{9}, 0, {"a", "b"});
  EXPECT_FALSE(first.is_duplicate);
  append("after");
  const auto again = append_of_producer(ProducerId{9}, 0, {"a", "b"});
  EXPECT_TRUE(again.is_duplicate);
  EXPECT_EQ(again.base_offset, Offset{1});
  EXPECT_EQ(again.last_offset, Offset{2});
  EXPECT_EQ(append_of_producer(ProducerId{9}, 3, {"d"}).error, KafkaError::kOutOfOrderSequenceNumber);
  EXPECT_EQ(append_of_producer(ProducerId{9}, 2, {"c"}).base_offset, Offset{4});
  EXPECT_THAT(values(), ElementsAre("0:before", "1:a", "2:b", "3:after", "4:c"));
}

TEST_F(LogFixture, FlushSaysHowFarTheDiskIs) {
  open();
  EXPECT_EQ(log().flush(), Offset{0});
  append("a", "b");
  EXPECT_EQ(log().flushed_offset(), Offset{0});
  EXPECT_EQ(log().flush(), Offset{2});
  EXPECT_EQ(log().flushed_offset(), Offset{2});
  append("c");
  EXPECT_EQ(log().flushed_offset(), Offset{2});
}

TEST_F(LogFixture, AFolderOfAnotherTopicIsRefused) {
  open();
  append("a");
  reopen_cleanly();
  topic_id[3] = 7;
  reopen_cleanly();
  const auto result = append("b");
  EXPECT_EQ(result.error, KafkaError::kKafkaStorageError);
  EXPECT_THAT(result.message, HasSubstr("belongs to another topic"));
  EXPECT_EQ(log().read(Offset{0}, {.max_bytes = 1000}).error, KafkaError::kKafkaStorageError);
}

TEST_F(LogFixture, AClosedLogRefusesAppends) {
  open();
  append("a");
  ASSERT_TRUE(log().close());
  EXPECT_EQ(append("b").error, KafkaError::kKafkaStorageError);
}

TEST_F(LogFixture, ALogSaysWhetherItHasBeenOpened) {
  open();
  EXPECT_FALSE(log().is_open());
  append("a");
  EXPECT_TRUE(log().is_open());
  reopen_after_crash();
  EXPECT_FALSE(log().is_open());
  EXPECT_TRUE(log().offsets());
  EXPECT_TRUE(log().is_open());
}

TEST_F(LogFixture, ARetiredLogServesOnlyWhatWasReadBefore) {
  open();
  append("a");
  const ReadResult before = log().read(Offset{0}, {.max_bytes = 1000});
  log().retire();
  std::filesystem::remove_all(folder());
  EXPECT_EQ(append("b").error, KafkaError::kKafkaStorageError);
  EXPECT_EQ(log().read(Offset{0}, {.max_bytes = 1000}).error, KafkaError::kKafkaStorageError);
  EXPECT_THAT(values_of(before), ElementsAre("0:a"));
  EXPECT_FALSE(std::filesystem::exists(folder()));
}

}  // namespace
}  // namespace omashu::broker
