#include "broker/log/append_checks.h"

#include <fmt/core.h>

#include <optional>

#include "broker/log/compression.h"
#include "broker/log/record.h"

namespace omashu::broker {

namespace {

std::unexpected<Refusal> refuse(KafkaError error, std::string message) {
  return std::unexpected(Refusal{error, std::move(message)});
}

std::expected<RecordBatchView, Refusal> parse(std::string_view bytes) {
  if (bytes.size() > batch_field::kMagic && (bytes[batch_field::kMagic] == 0 || bytes[batch_field::kMagic] == 1)) {
    return refuse(KafkaError::kUnsupportedForMessageFormat,
                  fmt::format("the message format of magic {} is not supported: send record batches of magic 2",
                              int{bytes[batch_field::kMagic]}));
  }
  auto batch = RecordBatchView::parse(bytes);
  if (!batch) return refuse(KafkaError::kCorruptMessage, batch.error().message);
  return *batch;
}

std::optional<Refusal> check_header(const RecordBatchHeader& header) {
  const auto invalid = [](std::string message) { return Refusal{KafkaError::kInvalidRecord, std::move(message)}; };
  if (header.codec() > static_cast<int16_t>(Compression::kZstd)) {
    return Refusal{KafkaError::kUnsupportedCompressionType,
                   fmt::format("there is no compression type {}", header.codec())};
  }
  if (header.is_control()) return invalid("clients may not write control records");
  if (header.has_delete_horizon()) return invalid("only compaction sets a delete horizon");
  if (header.is_log_append_time()) {
    return Refusal{KafkaError::kInvalidTimestamp, "clients must send the timestamp type CreateTime"};
  }
  if (header.is_transactional()) {
    return Refusal{KafkaError::kInvalidTxnState, "there is no transaction to which the records could belong"};
  }
  if (header.records_count == 0 || header.records_count - 1 != header.last_offset_delta) {
    return invalid(fmt::format("a record batch has {} records and the last offset delta {}", header.records_count,
                               header.last_offset_delta));
  }
  if (header.has_producer() && (header.producer_epoch < 0 || header.base_sequence < 0)) {
    return invalid(fmt::format("producer {} sends the epoch {} and the sequence {}", header.producer_id,
                               header.producer_epoch, header.base_sequence));
  }
  return std::nullopt;
}

std::optional<Refusal> check_records(const RecordBatchView& batch, bool needs_keys) {
  std::string buffer;
  const auto records = read_records(batch, buffer);
  if (!records) return Refusal{KafkaError::kCorruptMessage, records.error().message};
  RecordReader reader(*records, batch.header.records_count);
  for (int32_t expected_delta = 0; const RecordView* record = reader.next(); ++expected_delta) {
    if (record->offset_delta != expected_delta) {
      return Refusal{KafkaError::kInvalidRecord,
                     fmt::format("record {} of a batch has the offset delta {}", expected_delta, record->offset_delta)};
    }
    if (needs_keys && !record->key) {
      return Refusal{KafkaError::kInvalidRecord, "a compacted topic accepts no record without a key"};
    }
  }
  if (reader.is_corrupt()) {
    return Refusal{KafkaError::kCorruptMessage, "the records of a batch are not what its header says"};
  }
  return std::nullopt;
}

}  // namespace

std::expected<RecordBatchView, Refusal> check_batch(std::string_view bytes, const LogConfig& config) {
  const auto batch = parse(bytes);
  if (!batch) return batch;
  const size_t size = batch->bytes.size();
  if (size != bytes.size()) return refuse(KafkaError::kInvalidRecord, "more than one record batch for a partition");
  if (size > static_cast<size_t>(config.max_message_bytes)) {
    return refuse(
        KafkaError::kMessageTooLarge,
        fmt::format("a record batch of {} bytes is larger than max.message.bytes, {}", size, config.max_message_bytes));
  }
  if (size > static_cast<size_t>(config.segment_bytes)) {
    return refuse(
        KafkaError::kRecordListTooLarge,
        fmt::format("a record batch of {} bytes is larger than segment.bytes, {}", size, config.segment_bytes));
  }
  if (!batch->has_valid_crc()) return refuse(KafkaError::kCorruptMessage, "the CRC of a record batch is wrong");
  if (auto refusal = check_header(batch->header)) return std::unexpected(std::move(*refusal));
  const bool is_compressed = batch->header.codec() != static_cast<int16_t>(Compression::kNone);
  if (!is_compressed || config.is_compacted) {
    if (auto refusal = check_records(*batch, config.is_compacted)) return std::unexpected(std::move(*refusal));
  }
  return batch;
}

}  // namespace omashu::broker
