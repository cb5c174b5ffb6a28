#include "broker/log/record_batch_builder.h"

#include <algorithm>
#include <utility>

#include "broker/log/big_endian.h"
#include "broker/log/record.h"

namespace omashu::broker {

RecordBatchBuilder::RecordBatchBuilder(int64_t base_timestamp_ms) {
  header_.base_timestamp = base_timestamp_ms;
  header_.max_timestamp = base_timestamp_ms;
}

RecordBatchBuilder& RecordBatchBuilder::add(std::optional<std::string_view> key, std::optional<std::string_view> value,
                                            int64_t timestamp_ms) {
  // Modulo 2^64, as RecordBatchHeader::timestamp_of() undoes it: any two timestamps have a difference.
  const uint64_t delta = static_cast<uint64_t>(timestamp_ms) - static_cast<uint64_t>(header_.base_timestamp);
  append_record(records_, {.timestamp_delta = static_cast<int64_t>(delta),
                           .offset_delta = header_.records_count,
                           .key = key,
                           .value = value,
                           .headers = {}});
  header_.last_offset_delta = header_.records_count++;
  header_.max_timestamp = std::max(header_.max_timestamp, timestamp_ms);
  return *this;
}

RecordBatchBuilder& RecordBatchBuilder::set_producer(ProducerId producer_id, int16_t producer_epoch,
                                                     int32_t base_sequence) {
  header_.producer_id = producer_id;
  header_.producer_epoch = producer_epoch;
  header_.base_sequence = base_sequence;
  return *this;
}

std::string RecordBatchBuilder::build() const { return build_batch(header_, records_); }

std::string build_gap_batch(Offset base_offset, Offset end_offset) {
  return build_batch({.base_offset = base_offset,
                      .partition_leader_epoch = 0,
                      .last_offset_delta = static_cast<int32_t>(end_offset - 1 - base_offset)},
                     "");
}

std::string build_batch(RecordBatchHeader header, std::string_view records) {
  std::string batch(kBatchHeaderBytes, '\0');
  char* to = batch.data();
  store_big_endian(to + batch_field::kBaseOffset, std::to_underlying(header.base_offset));
  store_big_endian(to + batch_field::kBatchLength,
                   static_cast<int32_t>(kBatchHeaderBytes - kBatchLengthEndBytes + records.size()));
  store_big_endian(to + batch_field::kPartitionLeaderEpoch, header.partition_leader_epoch);
  to[batch_field::kMagic] = kMagic;
  store_big_endian(to + batch_field::kAttributes, header.attributes);
  store_big_endian(to + batch_field::kLastOffsetDelta, header.last_offset_delta);
  store_big_endian(to + batch_field::kBaseTimestamp, header.base_timestamp);
  store_big_endian(to + batch_field::kMaxTimestamp, header.max_timestamp);
  store_big_endian(to + batch_field::kProducerId, std::to_underlying(header.producer_id));
  store_big_endian(to + batch_field::kProducerEpoch, header.producer_epoch);
  store_big_endian(to + batch_field::kBaseSequence, header.base_sequence);
  store_big_endian(to + batch_field::kRecordsCount, header.records_count);
  batch += records;
  store_big_endian(batch.data() + batch_field::kCrc, batch_crc(batch));
  return batch;
}

}  // namespace omashu::broker
