#include "broker/log/batch_cleaner.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "broker/log/compression.h"
#include "broker/log/record.h"
#include "broker/log/record_batch_builder.h"

namespace omashu::broker {

namespace {

struct Kept {
  std::vector<RecordView> records;
  bool has_tombstones = false;
};

bool is_kept(const RecordView& record, const RecordBatchHeader& header, const CleaningRules& rules) {
  if (!record.key) return false;
  const auto latest = rules.latest_offsets.find(*record.key);
  if (latest && *latest > header.offset_of(record.offset_delta)) return false;
  if (record.value || header.offset_of(record.offset_delta) == rules.newest_offset) return true;
  return !header.has_delete_horizon() || rules.now_ms < header.base_timestamp;
}

// Nothing where the records make no sense.
std::optional<Kept> find_kept(std::string_view records, const RecordBatchHeader& header, const CleaningRules& rules) {
  Kept kept;
  RecordReader reader(records, header.records_count);
  while (const RecordView* record = reader.next()) {
    if (!is_kept(*record, header, rules)) continue;
    kept.records.push_back(*record);
    kept.has_tombstones |= !record->value;
  }
  if (reader.is_corrupt()) return std::nullopt;
  return kept;
}

int64_t horizon_of(const CleaningRules& rules) {
  constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
  return rules.delete_retention_ms > kNever - rules.now_ms ? kNever : rules.now_ms + rules.delete_retention_ms;
}

std::string empty_batch(RecordBatchHeader header) {
  header.attributes &= static_cast<int16_t>(~(kCompressionMask | kDeleteHorizonBit));
  header.records_count = 0;
  header.base_timestamp = header.max_timestamp;
  return build_batch(header, "");
}

// Base and last offset, sequence and codec stay. The delete horizon takes the place of the base timestamp, to which the
// records' timestamps are relative.
std::optional<std::string> rebuild(const Kept& kept, RecordBatchHeader header, std::optional<int64_t> delete_horizon) {
  const int64_t old_base_timestamp = header.base_timestamp;
  if (delete_horizon) {
    header.attributes |= kDeleteHorizonBit;
    header.base_timestamp = *delete_horizon;
  }
  const uint64_t shift = static_cast<uint64_t>(old_base_timestamp) - static_cast<uint64_t>(header.base_timestamp);
  std::string records;
  int64_t max_timestamp = -1;
  for (RecordView record : kept.records) {
    record.timestamp_delta = static_cast<int64_t>(static_cast<uint64_t>(record.timestamp_delta) + shift);
    max_timestamp = std::max(max_timestamp, header.timestamp_of(record.timestamp_delta));
    append_record(records, record);
  }
  header.max_timestamp = max_timestamp;
  header.records_count = static_cast<int32_t>(kept.records.size());
  const auto packed = compress(static_cast<Compression>(header.codec()), records);
  if (!packed) return std::nullopt;
  return build_batch(header, *packed);
}

}  // namespace

std::optional<std::string_view> clean_batch(const RecordBatchView& batch, const CleaningRules& rules,
                                            std::string& replacement) {
  const RecordBatchHeader& header = batch.header;
  if (header.is_control()) return batch.bytes;
  std::string buffer;
  const auto records = read_records(batch, buffer);
  if (!records) return batch.bytes;
  const auto kept = find_kept(*records, header, rules);
  if (!kept) return batch.bytes;
  if (kept->records.empty()) {
    if (!rules.kept_last_offsets.contains(header.last_offset())) return std::nullopt;
    if (header.records_count == 0) return batch.bytes;
    replacement = empty_batch(header);
    return replacement;
  }
  const bool is_complete = kept->records.size() == static_cast<size_t>(header.records_count);
  std::optional<int64_t> delete_horizon;
  if (kept->has_tombstones && !header.has_delete_horizon()) delete_horizon = horizon_of(rules);
  if (is_complete && !delete_horizon) return batch.bytes;
  auto rebuilt = rebuild(*kept, header, delete_horizon);
  if (!rebuilt) return batch.bytes;
  replacement = std::move(*rebuilt);
  return replacement;
}

}  // namespace omashu::broker
