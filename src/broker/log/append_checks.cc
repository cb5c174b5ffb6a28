#include "broker/log/append_checks.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "broker/log/big_endian.h"
#include "broker/log/compression.h"
#include "broker/log/record.h"
#include "broker/log/record_batch_builder.h"

namespace omashu::broker {

namespace {

constexpr int64_t kNoTimestamp = -1;
constexpr int64_t kMaxInt64 = std::numeric_limits<int64_t>::max();

std::unexpected<AppendRefusal> refuse(KafkaError error, std::string message) {
  return std::unexpected(AppendRefusal{error, std::move(message)});
}

// The timestamps that the records of a topic may have.
struct TimestampRange {
  int64_t oldest = std::numeric_limits<int64_t>::min();
  int64_t newest = kMaxInt64;

  static TimestampRange of(const LogConfig& config, int64_t now_ms) {
    if (config.message_timestamp_type == TimestampType::kLogAppendTime) return {};  // they are replaced
    const int64_t after_ms = config.message_timestamp_after_max_ms;
    return {.oldest = now_ms - config.message_timestamp_before_max_ms,  // the clock is never negative
            .newest = after_ms > kMaxInt64 - now_ms ? kMaxInt64 : now_ms + after_ms};
  }
  bool holds(int64_t timestamp) const {
    return (timestamp >= oldest && timestamp <= newest) || timestamp == kNoTimestamp;
  }
};

std::expected<RecordBatchView, AppendRefusal> parse(std::string_view bytes) {
  if (bytes.empty()) return refuse(KafkaError::kInvalidRecord, "there is no record batch for a partition");
  if (bytes.size() > batch_field::kMagic && (bytes[batch_field::kMagic] == 0 || bytes[batch_field::kMagic] == 1)) {
    return refuse(KafkaError::kUnsupportedForMessageFormat,
                  fmt::format("the message format of magic {} is not supported: send record batches of magic 2",
                              int{bytes[batch_field::kMagic]}));
  }
  auto batch = RecordBatchView::parse(bytes);
  if (!batch) return refuse(KafkaError::kCorruptMessage, batch.error().message);
  return *batch;
}

std::optional<AppendRefusal> check_size(size_t size, const LogConfig& config) {
  if (size > static_cast<size_t>(config.max_message_bytes)) {
    return AppendRefusal{
        KafkaError::kMessageTooLarge,
        fmt::format("a record batch of {} bytes is larger than max.message.bytes, {}", size, config.max_message_bytes)};
  }
  if (size > static_cast<size_t>(config.segment_bytes)) {
    return AppendRefusal{
        KafkaError::kRecordListTooLarge,
        fmt::format("a record batch of {} bytes is larger than segment.bytes, {}", size, config.segment_bytes)};
  }
  return std::nullopt;
}

std::optional<AppendRefusal> check_header(const RecordBatchHeader& header) {
  const auto invalid = [](std::string message) {
    return AppendRefusal{KafkaError::kInvalidRecord, std::move(message)};
  };
  if (header.codec() > static_cast<int16_t>(Compression::kZstd)) {
    return AppendRefusal{KafkaError::kUnsupportedCompressionType,
                         fmt::format("there is no compression type {}", header.codec())};
  }
  if (header.is_control()) return invalid("clients may not write control records");
  if (header.has_delete_horizon()) return invalid("only compaction sets a delete horizon");
  if (header.is_log_append_time()) {
    return AppendRefusal{KafkaError::kInvalidTimestamp, "clients must send the timestamp type CreateTime"};
  }
  if (header.is_transactional()) {
    return AppendRefusal{KafkaError::kInvalidTxnState, "there is no transaction to which the records could belong"};
  }
  if (header.records_count == 0 || header.records_count - 1 != header.last_offset_delta) {
    return invalid(fmt::format("a record batch has {} records and the last offset delta {}", header.records_count,
                               header.last_offset_delta));
  }
  if (header.has_producer() && (header.producer_epoch < 0 || header.base_sequence < 0)) {
    return invalid(fmt::format("producer {} sends the epoch {} and the sequence {}",
                               std::to_underlying(header.producer_id), header.producer_epoch, header.base_sequence));
  }
  return std::nullopt;
}

// Goes through the records of a batch once.
class RecordChecks {
 public:
  RecordChecks(const RecordBatchHeader& header, const LogConfig& config, const TimestampRange& timestamps)
      : header_(header), needs_keys_(config.is_compacted), timestamps_(timestamps) {}

  std::optional<AppendRefusal> run(std::string_view records) {
    RecordReader reader(records, header_.records_count);
    for (int32_t index = 0; const RecordView* record = reader.next(); ++index) {
      if (record->offset_delta != index) {
        return AppendRefusal{KafkaError::kInvalidRecord,
                             fmt::format("record {} of a batch has the offset delta {}", index, record->offset_delta)};
      }
      check(index, *record);
    }
    if (reader.is_corrupt()) {
      return AppendRefusal{KafkaError::kCorruptMessage, "the records of a batch are not what its header says"};
    }
    if (wrong_records_ == 0) return std::nullopt;
    return AppendRefusal{error_, message(), std::move(errors_)};
  }

  int64_t max_timestamp() const { return max_timestamp_; }

 private:
  void check(int32_t index, const RecordView& record) {
    const int64_t timestamp = header_.timestamp_of(record.timestamp_delta);
    if (needs_keys_ && !record.key) {
      add(index, KafkaError::kInvalidRecord, "A compacted topic accepts no record without a key.");
    } else if (!timestamps_.holds(timestamp)) {
      add(index, KafkaError::kInvalidTimestamp,
          fmt::format("The timestamp {} is out of range: it must be from {} to {}.", timestamp, timestamps_.oldest,
                      timestamps_.newest));
    }
    max_timestamp_ = std::max(max_timestamp_, timestamp);
  }

  // Where both kinds occur, the answer's code is that of the timestamps, as in Kafka.
  void add(int32_t index, KafkaError error, std::string message) {
    if (wrong_records_ == 0 || error == KafkaError::kInvalidTimestamp) error_ = error;
    if (wrong_records_++ < kMaxRecordErrors) errors_.push_back({index, std::move(message)});
  }

  std::string message() const {
    return fmt::format("{} of the {} records of a batch are refused; the first is record {}: {}", wrong_records_,
                       header_.records_count, errors_.front().batch_index, errors_.front().message);
  }

  const RecordBatchHeader& header_;
  const bool needs_keys_;
  const TimestampRange timestamps_;
  int64_t max_timestamp_ = kNoTimestamp;
  KafkaError error_ = KafkaError::kNone;
  size_t wrong_records_ = 0;
  std::vector<RecordError> errors_;
};

bool is_recompressed(const RecordBatchHeader& header, const LogConfig& config) {
  return config.compression_type && header.codec() != static_cast<int16_t>(*config.compression_type);
}

bool needs_records(const RecordBatchHeader& header, const LogConfig& config, const TimestampRange& timestamps) {
  if (header.codec() == static_cast<int16_t>(Compression::kNone) || config.is_compacted) return true;
  if (is_recompressed(header, config)) return true;
  if (config.message_timestamp_type == TimestampType::kLogAppendTime) return false;
  return config.message_timestamp_before_max_ms != kMaxInt64 || !timestamps.holds(header.max_timestamp) ||
         !timestamps.holds(header.base_timestamp);
}

// The limits hold for what is sent and for what is stored.
std::optional<AppendRefusal> recompress(CheckedBatch& checked, std::string_view records, const LogConfig& config) {
  const auto packed = compress(*config.compression_type, records, config.compression_level);
  if (!packed) return AppendRefusal{KafkaError::kUnknownServerError, packed.error().message};
  RecordBatchHeader header = checked.header;
  header.attributes =
      static_cast<int16_t>((header.attributes & ~kCompressionMask) | static_cast<int16_t>(*config.compression_type));
  checked.recompressed = build_batch(header, *packed);
  checked.header = RecordBatchHeader::parse(checked.recompressed).value();
  return check_size(checked.recompressed.size(), config);
}

constexpr size_t kMaxQuicklyUnpackedBytes = 16 << 10;

}  // namespace

bool is_slow_to_check(std::string_view bytes, const LogConfig& config) {
  if (bytes.size() < kBatchHeaderBytes) return false;
  RecordBatchHeader header;
  header.attributes = load_big_endian<int16_t>(bytes.data() + batch_field::kAttributes);
  if (is_recompressed(header, config)) return true;
  const bool is_unpacked = config.is_compacted || config.message_timestamp_before_max_ms != kMaxInt64;
  return is_unpacked && header.codec() != static_cast<int16_t>(Compression::kNone) &&
         bytes.size() > kMaxQuicklyUnpackedBytes;
}

std::expected<CheckedBatch, AppendRefusal> check_batch(std::string_view bytes, const LogConfig& config,
                                                       int64_t now_ms) {
  const auto batch = parse(bytes);
  if (!batch) return std::unexpected(batch.error());
  if (batch->bytes.size() != bytes.size()) {
    return refuse(KafkaError::kInvalidRecord, "more than one record batch for a partition");
  }
  if (auto refusal = check_size(bytes.size(), config)) return std::unexpected(*std::move(refusal));
  if (!batch->has_valid_crc()) return refuse(KafkaError::kCorruptMessage, "the CRC of a record batch is wrong");
  const RecordBatchHeader& header = batch->header;
  if (auto refusal = check_header(header)) return std::unexpected(*std::move(refusal));
  CheckedBatch checked{.header = header, .max_timestamp = header.max_timestamp};
  const auto timestamps = TimestampRange::of(config, now_ms);
  if (!needs_records(header, config, timestamps)) return checked;
  std::string buffer;
  const auto records = read_records(*batch, buffer);
  if (!records) return refuse(KafkaError::kCorruptMessage, records.error().message);
  RecordChecks checks(header, config, timestamps);
  if (auto refusal = checks.run(*records)) return std::unexpected(*std::move(refusal));
  if (config.message_timestamp_type == TimestampType::kCreateTime) checked.max_timestamp = checks.max_timestamp();
  if (!is_recompressed(header, config)) return checked;
  if (auto refusal = recompress(checked, *records, config)) return std::unexpected(*std::move(refusal));
  return checked;
}

}  // namespace omashu::broker
