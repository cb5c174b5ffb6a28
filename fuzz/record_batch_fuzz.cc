// Record batches: parsing, checks before an append, decompression, records, and what compaction makes of them.
//
// The first byte says whether the batch's length and CRC are made right, so that what lies behind them is reached, and
// which settings the topic has; the rest is the batch.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "broker/log/append_checks.h"
#include "broker/log/batch_cleaner.h"
#include "broker/log/big_endian.h"
#include "broker/log/compression.h"
#include "broker/log/record.h"

namespace {

using namespace omashu::broker;

constexpr uint8_t kMadeRight = 1;
constexpr uint8_t kCompacted = 2;
constexpr uint8_t kLogAppendTime = 4;
constexpr uint8_t kRecompressed = 16;  // compression.type=zstd
constexpr uint8_t kBoundedAge = 8;     // message.timestamp.before.max.ms
constexpr int64_t kNowMs = 1'000'000;

void check(bool holds) {
  if (!holds) std::abort();
}

void make_right(std::string& batch) {
  if (batch.size() < kBatchHeaderBytes) return;
  batch[batch_field::kMagic] = kMagic;
  store_big_endian(batch.data() + batch_field::kBatchLength, static_cast<int32_t>(batch.size() - kBatchLengthEndBytes));
  store_big_endian(batch.data() + batch_field::kCrc, batch_crc(batch));
}

// Every other key gets a later record, so that some of the batch stays and some goes.
void read_all(const RecordBatchView& batch, OffsetMap& latest) {
  std::string buffer;
  const auto records = read_records(batch, buffer);
  if (!records) return;
  RecordReader reader(*records, batch.header.records_count);
  bool is_outdone = false;
  while (const RecordView* record = reader.next()) {
    std::string again;
    append_record(again, *record);
    RecordReader second(again, 1);
    const RecordView* same = second.next();
    check(same && same->key == record->key && same->value == record->value && same->headers == record->headers &&
          same->offset_delta == record->offset_delta && same->timestamp_delta == record->timestamp_delta);
    is_outdone = !is_outdone;
    if (record->key && is_outdone) latest.put(*record->key, batch.header.offset_of(record->offset_delta) + 1);
  }
}

void clean_twice(const RecordBatchView& batch, const OffsetMap& latest) {
  const CleaningRules rules{
      .latest_offsets = latest, .now_ms = 1000, .delete_retention_ms = 1000, .kept_last_offsets = {}};
  std::string replacement;
  const auto cleaned = clean_batch(batch, rules, replacement);
  if (!cleaned) return;
  const auto left = RecordBatchView::parse(*cleaned);
  check(left && left->bytes.size() == cleaned->size());
  check(cleaned->data() == batch.bytes.data() || left->has_valid_crc());
  check(left->header.base_offset == batch.header.base_offset &&
        left->header.last_offset() == batch.header.last_offset());
  if (cleaned->data() == batch.bytes.data()) return;
  std::string unused;
  const auto again = clean_batch(*left, rules, unused);
  check(again && again->data() == cleaned->data());
}

void check_as_appended(std::string_view bytes, const LogConfig& config) {
  const auto checked = check_batch(bytes, config, kNowMs);
  if (!checked || checked->recompressed.empty()) return;
  const auto stored = RecordBatchView::parse(checked->recompressed);
  check(stored && stored->has_valid_crc() && stored->bytes.size() == checked->recompressed.size());
  check(stored->header.codec() == static_cast<int16_t>(*config.compression_type));
  std::string buffer;
  check(read_records(*stored, buffer).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const uint8_t flags = data[0];
  std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if ((flags & kMadeRight) != 0) make_right(bytes);
  LogConfig config;
  config.is_compacted = (flags & kCompacted) != 0;
  config.message_timestamp_type =
      (flags & kLogAppendTime) != 0 ? TimestampType::kLogAppendTime : TimestampType::kCreateTime;
  if ((flags & kBoundedAge) != 0) config.message_timestamp_before_max_ms = 1000;
  if ((flags & kRecompressed) != 0) config.compression_type = Compression::kZstd;
  check_as_appended(bytes, config);
  const auto batch = RecordBatchView::parse(bytes);
  if (!batch) return 0;
  OffsetMap latest(1 << 20);
  read_all(*batch, latest);
  clean_twice(*batch, latest);
  return 0;
}
