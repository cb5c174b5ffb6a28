#include "broker/log/batch_cleaner.h"

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <vector>

#include "broker/log/big_endian.h"
#include "broker/log/compression.h"
#include "broker/log/record.h"
#include "broker/log/record_batch_builder.h"

namespace omashu::broker {
namespace {

using Text = std::optional<std::string_view>;
constexpr Text kNone = std::nullopt;

struct TestRecord {
  Text key;
  Text value;
};

class BatchCleanerTest : public testing::TestWithParam<Compression> {
 public:
  int64_t now_ms = 5000;

  // At the offset 100, with timestamps 1000, 1001, ….
  std::string make_batch(const std::vector<TestRecord>& records) {
    RecordBatchBuilder builder(1000);
    for (int64_t i = 0; const TestRecord& record : records) builder.add(record.key, record.value, 1000 + i++);
    const std::string plain = builder.set_producer(ProducerId{9}, 2, 40).build();
    RecordBatchHeader header = RecordBatchView::parse(plain)->header;
    header.base_offset = Offset{100};
    header.partition_leader_epoch = 3;
    header.attributes = static_cast<int16_t>(GetParam());
    return build_batch(header, *compress(GetParam(), RecordBatchView::parse(plain)->records()));
  }

  // The bytes after cleaning, "" where nothing is left.
  std::string clean(const std::string& batch) {
    const auto view = RecordBatchView::parse(batch);
    EXPECT_TRUE(view);
    std::string replacement;
    const auto cleaned = clean_batch(*view,
                                     {.latest_offsets = latest,
                                      .now_ms = now_ms,
                                      .delete_retention_ms = 300,
                                      .kept_last_offsets = kept_last_offsets},
                                     replacement);
    return std::string(cleaned.value_or(""));
  }

  // "offset key=value@timestamp" of each record; checks what every batch must keep.
  static std::vector<std::string> read(const std::string& bytes) {
    const auto batch = RecordBatchView::parse(bytes);
    if (!batch) return {"no batch"};
    EXPECT_TRUE(batch->has_valid_crc());
    EXPECT_EQ(batch->bytes.size(), bytes.size());
    EXPECT_EQ(batch->header.base_offset, Offset{100});
    EXPECT_EQ(batch->header.partition_leader_epoch, 3);
    EXPECT_EQ(batch->header.producer_id, ProducerId{9});
    EXPECT_EQ(batch->header.producer_epoch, 2);
    EXPECT_EQ(batch->header.base_sequence, 40);
    std::string buffer;
    const auto records = read_records(*batch, buffer);
    if (!records) return {records.error().message};
    std::vector<std::string> texts;
    RecordReader reader(*records, batch->header.records_count);
    while (const RecordView* record = reader.next()) {
      texts.push_back(fmt::format("{} {}={}@{}", batch->header.offset_of(record->offset_delta),
                                  record->key.value_or("-"), record->value.value_or("-"),
                                  batch->header.timestamp_of(record->timestamp_delta)));
    }
    EXPECT_FALSE(reader.is_corrupt());
    return texts;
  }

  OffsetMap latest{1 << 20};
  std::unordered_set<Offset> kept_last_offsets;
};

using Texts = std::vector<std::string>;

TEST_P(BatchCleanerTest, ABatchOfLatestRecordsStaysAsItIs) {
  const std::string batch = make_batch({{"a", "1"}, {"b", "2"}});
  latest.put("a", Offset{100});
  EXPECT_EQ(clean(batch), batch);  // of "b" nothing is known: it has no later record in what is dirty
}

TEST_P(BatchCleanerTest, OutdoneRecordsGoAndTheOthersKeepOffsetAndTimestamp) {
  const std::string batch = make_batch({{"a", "1"}, {"b", "2"}, {"a", "3"}, {"c", "4"}});
  latest.put("a", Offset{102});
  latest.put("c", Offset{200});
  const std::string cleaned = clean(batch);
  EXPECT_EQ(read(cleaned), (Texts{"101 b=2@1001", "102 a=3@1002"}));
  const auto header = RecordBatchView::parse(cleaned)->header;
  EXPECT_EQ(header.last_offset(), Offset{103});
  EXPECT_EQ(header.last_sequence(), 43);
  EXPECT_EQ(header.max_timestamp, 1002);
  EXPECT_EQ(header.codec(), static_cast<int16_t>(GetParam()));
  EXPECT_EQ(clean(cleaned), cleaned);
}

TEST_P(BatchCleanerTest, ABatchOfWhichNothingStaysGoes) {
  latest.put("a", Offset{200});
  EXPECT_EQ(clean(make_batch({{"a", "1"}, {kNone, "2"}})), "");
}

TEST_P(BatchCleanerTest, ButNotTheLastOfAProducer) {
  latest.put("a", Offset{200});
  kept_last_offsets = {Offset{101}};
  const std::string cleaned = clean(make_batch({{"a", "1"}, {"a", "2"}}));
  EXPECT_EQ(read(cleaned), Texts{});
  const auto header = RecordBatchView::parse(cleaned)->header;
  EXPECT_EQ(header.last_offset(), Offset{101});
  EXPECT_EQ(header.last_sequence(), 41);
  EXPECT_EQ(clean(cleaned), cleaned);
  kept_last_offsets = {Offset{300}};
  EXPECT_EQ(clean(cleaned), "");
}

TEST_P(BatchCleanerTest, RecordsWithoutAKeyGo) {
  EXPECT_EQ(read(clean(make_batch({{kNone, "1"}, {"b", "2"}, {kNone, kNone}}))), (Texts{"101 b=2@1001"}));
}

TEST_P(BatchCleanerTest, ATombstoneStaysUntilItsHorizon) {
  const std::string batch = make_batch({{"a", kNone}, {"b", "2"}});
  latest.put("a", Offset{100});
  latest.put("b", Offset{101});
  const std::string stamped = clean(batch);
  EXPECT_EQ(read(stamped), (Texts{"100 a=-@1000", "101 b=2@1001"}));
  const auto header = RecordBatchView::parse(stamped)->header;
  EXPECT_TRUE(header.has_delete_horizon());
  EXPECT_EQ(header.base_timestamp, 5300);
  EXPECT_EQ(header.max_timestamp, 1001);
  now_ms = 5299;
  EXPECT_EQ(clean(stamped), stamped);
  now_ms = 5300;
  const std::string cleaned = clean(stamped);
  EXPECT_EQ(read(cleaned), (Texts{"101 b=2@1001"}));
  EXPECT_EQ(clean(cleaned), cleaned);
}

TEST_P(BatchCleanerTest, AnOutdoneTombstoneGoesAtOnce) {
  latest.put("a", Offset{200});
  EXPECT_EQ(clean(make_batch({{"a", kNone}})), "");
}

TEST_P(BatchCleanerTest, WhatCannotBeReadStays) {
  latest.put("a", Offset{200});
  std::string batch = make_batch({{"a", "1"}});
  batch[kBatchHeaderBytes] = static_cast<char>(batch[kBatchHeaderBytes] ^ 0x7F);
  store_big_endian(batch.data() + batch_field::kCrc, batch_crc(batch));
  EXPECT_EQ(clean(batch), batch);
}

TEST_P(BatchCleanerTest, ControlBatchesStay) {
  latest.put("a", Offset{200});
  std::string batch = make_batch({{"a", "1"}});
  store_big_endian(batch.data() + batch_field::kAttributes,
                   static_cast<int16_t>(static_cast<int16_t>(GetParam()) | kControlBit));
  EXPECT_EQ(clean(batch), batch);
}

INSTANTIATE_TEST_SUITE_P(EachCodec, BatchCleanerTest,
                         testing::Values(Compression::kNone, Compression::kGzip, Compression::kSnappy,
                                         Compression::kLz4, Compression::kZstd));

TEST(BatchCleaner, WithLogAppendTimeTheTimestampStays) {
  const std::string plain = RecordBatchBuilder(10).add("a", "1", 10).add("b", std::nullopt, 20).build();
  RecordBatchHeader header = RecordBatchView::parse(plain)->header;
  header.attributes |= kLogAppendTimeBit;
  header.max_timestamp = 777;
  const std::string batch = build_batch(header, RecordBatchView::parse(plain)->records());
  OffsetMap latest(1 << 20);
  latest.put("a", Offset{5});
  latest.put("b", Offset{1});
  std::string replacement;
  const auto cleaned = clean_batch(
      *RecordBatchView::parse(batch),
      {.latest_offsets = latest, .now_ms = 5000, .delete_retention_ms = 300, .kept_last_offsets = {}}, replacement);
  ASSERT_TRUE(cleaned);
  const auto kept = RecordBatchView::parse(*cleaned);
  EXPECT_EQ(kept->header.records_count, 1);
  EXPECT_EQ(kept->header.max_timestamp, 777);
  EXPECT_EQ(kept->header.timestamp_of(0), 777);
}

}  // namespace
}  // namespace omashu::broker
