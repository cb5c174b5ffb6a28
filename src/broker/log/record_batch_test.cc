#include "broker/log/record_batch.h"

#include <gtest/gtest.h>

#include <string>

#include "broker/log/big_endian.h"
#include "broker/log/record.h"
#include "broker/log/record_batch_builder.h"

namespace omashu::broker {
namespace {

std::string from_hex(std::string_view hex) {
  std::string bytes;
  std::string digits;
  for (const char c : hex) {
    if (c == ' ') continue;
    digits += c;
    if (digits.size() == 2) {
      bytes += static_cast<char>(std::stoi(digits, nullptr, 16));
      digits.clear();
    }
  }
  return bytes;
}

// One record "k" → "v" with the header "h" → null, worked out by hand from the protocol's description; the CRC by
// another program.
std::string literal_batch() {
  return from_hex(
      "0000000000000007 0000003d 00000003 02 1fff09a2"   // base offset 7, length 61, leader epoch 3, magic 2, CRC
      "0000 00000000 000001889ca2d400 000001889ca2d405"  // attributes, last offset delta, base and max timestamp
      "ffffffffffffffff ffff ffffffff 00000001"          // no producer, one record
      "16 00 0a 00 02 6b 02 76 02 02 68 01");            // length 11, attributes, +5 ms, +0, key, value, header
}

TEST(RecordBatch, ReadsTheLiteralBytes) {
  const std::string bytes = literal_batch();
  const auto batch = RecordBatchView::parse(bytes);
  ASSERT_TRUE(batch) << batch.error().message;
  EXPECT_EQ(batch->header.base_offset, Offset{7});
  EXPECT_EQ(batch->header.last_offset(), Offset{7});
  EXPECT_EQ(batch->header.partition_leader_epoch, 3);
  EXPECT_EQ(batch->header.base_timestamp, 1686255096832);
  EXPECT_EQ(batch->header.max_timestamp, 1686255096837);
  EXPECT_FALSE(batch->header.has_producer());
  RecordReader reader(batch->records(), batch->header.records_count);
  const RecordView* record = reader.next();
  ASSERT_TRUE(record);
  EXPECT_EQ(record->timestamp_delta, 5);
  EXPECT_EQ(record->offset_delta, 0);
  EXPECT_EQ(record->key, "k");
  EXPECT_EQ(record->value, "v");
  EXPECT_EQ(record->headers, "\x02\x02h\x01");
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.is_corrupt());
}

TEST(RecordBatch, TheCrcCoversWhatComesAfterIt) {
  const std::string bytes = literal_batch();
  EXPECT_TRUE(RecordBatchView::parse(bytes)->has_valid_crc());
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i >= batch_field::kBatchLength && i < batch_field::kPartitionLeaderEpoch) continue;  // another size
    if (i == batch_field::kMagic) continue;                                                  // no batch at all
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto batch = RecordBatchView::parse(changed);
    ASSERT_TRUE(batch) << i;
    EXPECT_EQ(batch->has_valid_crc(), i < batch_field::kMagic) << i;
  }
}

TEST(RecordBatch, EveryPrefixIsRefused) {
  const std::string bytes = literal_batch();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(RecordBatchView::parse(std::string_view(bytes).substr(0, size))) << size;
  }
  const std::string with_more = bytes + "more";
  const auto batch = RecordBatchView::parse(with_more);
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->bytes, bytes);
}

TEST(RecordBatch, NumbersThatCannotBeAreRefused) {
  const auto is_accepted = [](size_t field, auto value) {
    std::string bytes = literal_batch();
    store_big_endian(bytes.data() + field, value);
    return RecordBatchView::parse(bytes).has_value();
  };
  EXPECT_TRUE(is_accepted(batch_field::kBatchLength, int32_t{61}));
  EXPECT_FALSE(is_accepted(batch_field::kBatchLength, int32_t{48}));
  EXPECT_FALSE(is_accepted(batch_field::kBatchLength, int32_t{-1}));
  EXPECT_FALSE(is_accepted(batch_field::kBatchLength, int32_t{62}));
  EXPECT_FALSE(is_accepted(batch_field::kBatchLength, std::numeric_limits<int32_t>::max()));
  EXPECT_FALSE(is_accepted(batch_field::kMagic, int8_t{1}));
  EXPECT_FALSE(is_accepted(batch_field::kLastOffsetDelta, int32_t{-1}));
  EXPECT_FALSE(is_accepted(batch_field::kRecordsCount, int32_t{-1}));
  EXPECT_FALSE(is_accepted(batch_field::kBaseOffset, std::numeric_limits<int64_t>::max()));
}

TEST(RecordBatch, WhatIsBuiltIsReadBack) {
  RecordBatchBuilder builder(1000);
  builder.add("a", "1", 1000)
      .add(std::nullopt, "2", 3000)
      .add("c", std::nullopt, 2000)
      .set_producer(ProducerId{9}, 1, 40);
  const std::string bytes = builder.build();
  EXPECT_EQ(bytes.size(), builder.size_bytes());
  const auto batch = RecordBatchView::parse(bytes);
  ASSERT_TRUE(batch);
  EXPECT_TRUE(batch->has_valid_crc());
  EXPECT_EQ(batch->header.max_timestamp, 3000);
  EXPECT_EQ(batch->header.producer_id, ProducerId{9});
  EXPECT_EQ(batch->header.last_sequence(), 42);
  RecordReader reader(batch->records(), batch->header.records_count);
  EXPECT_EQ(reader.next()->value, "1");
  EXPECT_EQ(reader.next()->key, std::nullopt);
  const RecordView* tombstone = reader.next();
  EXPECT_EQ(tombstone->offset_delta, 2);
  EXPECT_EQ(tombstone->timestamp_delta, 1000);
  EXPECT_EQ(tombstone->value, std::nullopt);
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.is_corrupt());
}

TEST(RecordBatch, ARecordLiesNowherePastItsBatch) {
  constexpr int32_t kFar = std::numeric_limits<int32_t>::max();
  const RecordBatchHeader header{.base_offset = Offset{100}, .last_offset_delta = 2};
  EXPECT_EQ(header.offset_of(1), Offset{101});
  EXPECT_EQ(header.offset_of(kFar), Offset{102});
  const RecordBatchHeader last{.base_offset = kMaxOffset - 1};
  EXPECT_EQ(last.offset_of(kFar), last.base_offset);
}

TEST(RecordReader, EveryTruncationAndEveryWrongCountIsCorrupt) {
  std::string records;
  append_record(records, {.timestamp_delta = -5, .key = "key", .value = "value", .headers = {}});
  append_record(records, {.offset_delta = 1, .key = {}, .value = "", .headers = "\x02\x02h\x01"});
  const auto is_whole = [](std::string_view bytes, int32_t count) {
    RecordReader reader(bytes, count);
    while (reader.next()) {
    }
    return !reader.is_corrupt();
  };
  EXPECT_TRUE(is_whole(records, 2));
  EXPECT_FALSE(is_whole(records, 1));
  EXPECT_FALSE(is_whole(records, 3));
  EXPECT_FALSE(is_whole(records + '\0', 2));
  for (size_t size = 0; size < records.size(); ++size) {
    EXPECT_FALSE(is_whole(std::string_view(records).substr(0, size), 2)) << size;
  }
}

TEST(RecordReader, ALengthBeyondTheRecordIsCorrupt) {
  // A record of length 5 whose key says that it has 2^31 - 1 bytes.
  const std::string bytes = from_hex("12 00 00 00 fe ff ff ff 0f 01");
  RecordReader reader(bytes, 1);
  EXPECT_FALSE(reader.next());
  EXPECT_TRUE(reader.is_corrupt());
}

TEST(RecordBatch, SequencesStartAgainAfterTheLastOne) {
  constexpr int32_t kLast = std::numeric_limits<int32_t>::max();
  EXPECT_EQ(add_to_sequence(kLast, 1), 0);
  EXPECT_EQ(add_to_sequence(kLast - 1, 3), 1);
  EXPECT_EQ(add_to_sequence(1, -3), kLast - 1);
  EXPECT_EQ(add_to_sequence(5, 2), 7);
}

}  // namespace
}  // namespace omashu::broker
