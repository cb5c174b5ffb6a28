#include "broker/log/append_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "broker/log/compression.h"
#include "broker/log/record_batch_builder.h"

namespace omashu::broker {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

constexpr int64_t kNowMs = 1'700'000'000'000;
constexpr int64_t kHourMs = 3'600'000;
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

// What the client says of the batch as a whole is changed; the records stay.
std::string with_header(const std::string& bytes, const std::function<void(RecordBatchHeader&)>& change) {
  const auto batch = RecordBatchView::parse(bytes);
  RecordBatchHeader header = batch->header;
  change(header);
  return build_batch(header, batch->records());
}

std::string compressed(const std::string& bytes, Compression compression = Compression::kLz4) {
  const auto batch = RecordBatchView::parse(bytes);
  RecordBatchHeader header = batch->header;
  header.attributes = static_cast<int16_t>(header.attributes | static_cast<int16_t>(compression));
  return build_batch(header, *compress(compression, batch->records()));
}

std::string batch_of(const std::vector<int64_t>& timestamps) {
  RecordBatchBuilder builder(timestamps.front());
  for (const int64_t timestamp : timestamps) builder.add("k", "v", timestamp);
  return builder.build();
}

class AppendChecksTest : public testing::Test {
 public:
  LogConfig config;

  AppendRefusal refusal_of(const std::string& batch) const {
    auto checked = check_batch(batch, config, kNowMs);
    return checked ? AppendRefusal{} : std::move(checked.error());
  }
  std::vector<int32_t> wrong_records(const std::string& batch) const {
    std::vector<int32_t> indexes;
    for (const RecordError& error : refusal_of(batch).record_errors) indexes.push_back(error.batch_index);
    return indexes;
  }
};

TEST_F(AppendChecksTest, RecordsTooFarAheadAreRefusedEachByItsIndex) {
  const std::string batch = batch_of({kNowMs, kNowMs + kHourMs + 1, kNowMs + kHourMs, kMax});
  for (const std::string& bytes : {batch, compressed(batch)}) {
    const AppendRefusal refusal = refusal_of(bytes);
    EXPECT_EQ(refusal.error, KafkaError::kInvalidTimestamp);
    EXPECT_THAT(refusal.record_errors,
                ElementsAre(Field(&RecordError::batch_index, 1), Field(&RecordError::batch_index, 3)));
    EXPECT_THAT(refusal.record_errors[0].message, HasSubstr("1700003600001 is out of range"));
    EXPECT_THAT(refusal.message, HasSubstr("2 of the 4 records"));
  }
  config.message_timestamp_after_max_ms = kMax;
  EXPECT_EQ(refusal_of(batch).error, KafkaError::kNone);
}

TEST_F(AppendChecksTest, RecordsTooOldAreRefusedWhereTheTopicSaysSo) {
  const std::string batch = batch_of({kNowMs - kHourMs, kNowMs - kHourMs - 1, kNowMs});
  EXPECT_EQ(refusal_of(batch).error, KafkaError::kNone);
  config.message_timestamp_before_max_ms = kHourMs;
  EXPECT_EQ(refusal_of(batch).error, KafkaError::kInvalidTimestamp);
  EXPECT_THAT(wrong_records(batch), ElementsAre(1));
  EXPECT_THAT(wrong_records(compressed(batch)), ElementsAre(1)) << "the batch's own timestamps are in range";
}

// As in Kafka: -1 is no timestamp; others below zero are old ones, but the least of all is out of any range.
TEST_F(AppendChecksTest, NegativeTimestampsAreOldOnes) {
  EXPECT_EQ(refusal_of(batch_of({-1, -1})).error, KafkaError::kNone);
  EXPECT_EQ(refusal_of(batch_of({-5, kNowMs})).error, KafkaError::kNone);
  EXPECT_THAT(wrong_records(batch_of({kNowMs, kMin})), ElementsAre(1));
  EXPECT_THAT(wrong_records(compressed(batch_of({kMin}))), ElementsAre(0));
  config.message_timestamp_before_max_ms = kHourMs;
  EXPECT_EQ(refusal_of(batch_of({-1, kNowMs})).error, KafkaError::kNone);
  EXPECT_THAT(wrong_records(batch_of({-5, kNowMs})), ElementsAre(0));
}

TEST_F(AppendChecksTest, TheGreatestTimestampIsThatOfTheRecordsAndNotTheClientsWord) {
  const auto max_timestamp_of = [&](int64_t claimed, const std::string& batch) {
    const std::string bytes = with_header(batch, [&](RecordBatchHeader& header) { header.max_timestamp = claimed; });
    return check_batch(bytes, config, kNowMs)->max_timestamp;
  };
  const std::string batch = batch_of({kNowMs - 7, kNowMs - 3, kNowMs - 5});
  for (const int64_t claimed : {kMin, int64_t{-1}, kNowMs - 3, kNowMs, kMax}) {
    EXPECT_EQ(max_timestamp_of(claimed, batch), kNowMs - 3) << claimed;
  }
  EXPECT_EQ(max_timestamp_of(kMax, batch_of({-1, -1})), -1);
  // Out of range, it has compressed records read; within the range it is believed.
  EXPECT_EQ(max_timestamp_of(kMin, compressed(batch)), kNowMs - 3);
  EXPECT_EQ(max_timestamp_of(kMax, compressed(batch)), kNowMs - 3);
  EXPECT_EQ(max_timestamp_of(kNowMs, compressed(batch)), kNowMs);
}

TEST_F(AppendChecksTest, WithLogAppendTimeTheClientsTimestampsDoNotMatter) {
  config.message_timestamp_type = TimestampType::kLogAppendTime;
  config.message_timestamp_before_max_ms = 1;
  for (const int64_t timestamp : {kMin, int64_t{0}, kMax}) {
    EXPECT_EQ(refusal_of(batch_of({timestamp})).error, KafkaError::kNone);
    EXPECT_EQ(refusal_of(compressed(batch_of({timestamp}))).error, KafkaError::kNone);
  }
}

TEST_F(AppendChecksTest, ACompactedTopicNamesEachRecordWithoutAKey) {
  const std::string batch = RecordBatchBuilder(kNowMs)
                                .add("k", "v", kNowMs)
                                .add(std::nullopt, "v", kNowMs)
                                .add("", "v", kNowMs)
                                .add(std::nullopt, "v", kNowMs)
                                .build();
  EXPECT_EQ(refusal_of(batch).error, KafkaError::kNone);
  config.is_compacted = true;
  for (const std::string& bytes : {batch, compressed(batch), compressed(batch, Compression::kGzip)}) {
    EXPECT_EQ(refusal_of(bytes).error, KafkaError::kInvalidRecord);
    EXPECT_THAT(wrong_records(bytes), ElementsAre(1, 3));
  }
}

TEST_F(AppendChecksTest, AWrongTimestampDecidesTheCodeOverAMissingKey) {
  config.is_compacted = true;
  const std::string batch = RecordBatchBuilder(kNowMs).add("k", "v", kMax).add(std::nullopt, "v", kNowMs).build();
  EXPECT_EQ(refusal_of(batch).error, KafkaError::kInvalidTimestamp);
  EXPECT_THAT(wrong_records(batch), ElementsAre(0, 1));
}

TEST_F(AppendChecksTest, OnlyTheFirstOfManyWrongRecordsAreNamed) {
  RecordBatchBuilder builder(kNowMs);
  for (size_t i = 0; i < kMaxRecordErrors + 5; ++i) builder.add("", "", kMax);
  const std::string batch = builder.build();
  config.max_message_bytes = 1 << 24;
  EXPECT_EQ(wrong_records(batch).size(), kMaxRecordErrors);
  EXPECT_THAT(refusal_of(batch).message, HasSubstr("10005 of the 10005 records"));
}

TEST_F(AppendChecksTest, NoBatchAndABatchWithoutRecordsAreInvalidRecords) {
  EXPECT_EQ(refusal_of("").error, KafkaError::kInvalidRecord);
  const auto empty = [](RecordBatchHeader& header) { header.records_count = 0; };
  EXPECT_EQ(refusal_of(with_header(batch_of({kNowMs}), empty)).error, KafkaError::kInvalidRecord);
}

class RecompressionTest : public AppendChecksTest, public testing::WithParamInterface<Compression> {};

TEST_P(RecompressionTest, ABatchInAnotherCodecIsCompressedAnew) {
  const std::string plain = RecordBatchBuilder(kNowMs)
                                .add("k", std::string(1000, 'v'), kNowMs)
                                .add(std::nullopt, "w", kNowMs + 5)
                                .set_producer(ProducerId{7}, 1, 3)
                                .build();
  config.compression_type = GetParam();
  for (const Compression sent :
       {Compression::kNone, Compression::kGzip, Compression::kSnappy, Compression::kLz4, Compression::kZstd}) {
    const std::string bytes = sent == Compression::kNone ? plain : compressed(plain, sent);
    const auto checked = check_batch(bytes, config, kNowMs);
    ASSERT_TRUE(checked) << checked.error().message;
    EXPECT_EQ(checked->header.codec(), static_cast<int16_t>(GetParam()));
    EXPECT_EQ(checked->recompressed.empty(), sent == GetParam()) << "what is right already stays as it came";
    if (checked->recompressed.empty()) continue;
    const auto stored = RecordBatchView::parse(checked->recompressed);
    ASSERT_TRUE(stored && stored->has_valid_crc());
    EXPECT_EQ(stored->header.producer_id, ProducerId{7});
    EXPECT_EQ(stored->header.base_sequence, 3);
    EXPECT_EQ(stored->header.records_count, 2);
    EXPECT_EQ(stored->header.max_timestamp, kNowMs + 5);
    std::string buffer;
    EXPECT_EQ(read_records(*stored, buffer).value(), RecordBatchView::parse(plain)->records());
  }
}

INSTANTIATE_TEST_SUITE_P(Codecs, RecompressionTest,
                         testing::Values(Compression::kNone, Compression::kGzip, Compression::kSnappy,
                                         Compression::kLz4, Compression::kZstd));

TEST_F(AppendChecksTest, CompressingAnewAndUnpackingMuchIsSlow) {
  std::string incompressible;
  std::mt19937 random(1);
  while (incompressible.size() < 32 << 10) incompressible += static_cast<char>(random());
  const std::string large = compressed(RecordBatchBuilder(kNowMs).add("k", incompressible, kNowMs).build());
  const std::string small = compressed(batch_of({kNowMs}));
  EXPECT_FALSE(is_slow_to_check(large, config));
  config.is_compacted = true;
  EXPECT_TRUE(is_slow_to_check(large, config));
  EXPECT_FALSE(is_slow_to_check(small, config));
  EXPECT_FALSE(is_slow_to_check(batch_of({kNowMs}), config));
  config = {};
  config.message_timestamp_before_max_ms = kHourMs;
  EXPECT_TRUE(is_slow_to_check(large, config));
  config = {};
  config.compression_type = Compression::kLz4;
  EXPECT_FALSE(is_slow_to_check(large, config));
  EXPECT_TRUE(is_slow_to_check(batch_of({kNowMs}), config));
  EXPECT_FALSE(is_slow_to_check("torn", config));
  EXPECT_FALSE(is_slow_to_check("", config));
}

TEST_F(AppendChecksTest, WhatIsStoredIsBoundedAsWellAsWhatIsSent) {
  const std::string batch = compressed(RecordBatchBuilder(kNowMs).add("k", std::string(5000, 'v'), kNowMs).build());
  config.max_message_bytes = 1000;
  EXPECT_EQ(refusal_of(batch).error, KafkaError::kNone);
  config.compression_type = Compression::kNone;
  EXPECT_EQ(refusal_of(batch).error, KafkaError::kMessageTooLarge);
}

TEST_F(AppendChecksTest, WhatCannotBeUnpackedIsCorruptWhereItIsCompressedAnew) {
  RecordBatchHeader header = RecordBatchView::parse(batch_of({kNowMs}))->header;
  header.attributes = static_cast<int16_t>(Compression::kGzip);
  config.compression_type = Compression::kZstd;
  EXPECT_EQ(refusal_of(build_batch(header, "no gzip")).error, KafkaError::kCorruptMessage);
}

}  // namespace
}  // namespace omashu::broker
