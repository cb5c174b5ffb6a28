#include "broker/log/record_batch.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>

#include "broker/log/big_endian.h"
#include "broker/log/crc32c.h"

namespace omashu::broker {

namespace {

constexpr int32_t kMinBatchLength = static_cast<int32_t>(kBatchHeaderBytes - kBatchLengthEndBytes);

std::unexpected<Error> corrupt(std::string message) { return fail(ErrorCode::kCorrupt, std::move(message)); }

}  // namespace

int32_t RecordBatchHeader::last_sequence() const { return add_to_sequence(base_sequence, last_offset_delta); }

int64_t RecordBatchHeader::timestamp_of(int64_t timestamp_delta) const {
  if (is_log_append_time()) return max_timestamp;
  // The bytes are a client's: the sum may be any number, but has to be one.
  return static_cast<int64_t>(static_cast<uint64_t>(base_timestamp) + static_cast<uint64_t>(timestamp_delta));
}

Offset RecordBatchHeader::offset_of(int32_t offset_delta) const {
  // Compressed records are stored unread: their deltas are what a client made of them.
  return base_offset + std::min(offset_delta, last_offset_delta);
}

Result<RecordBatchHeader> RecordBatchHeader::parse(std::string_view bytes) {
  if (bytes.size() < kBatchHeaderBytes) return corrupt("a record batch ends within its header");
  const char* from = bytes.data();
  if (from[batch_field::kMagic] != kMagic) {
    return corrupt(fmt::format("a record batch has magic {}, not 2", int{from[batch_field::kMagic]}));
  }
  const RecordBatchHeader header{
      .base_offset = Offset{load_big_endian<int64_t>(from + batch_field::kBaseOffset)},
      .batch_length = load_big_endian<int32_t>(from + batch_field::kBatchLength),
      .partition_leader_epoch = load_big_endian<int32_t>(from + batch_field::kPartitionLeaderEpoch),
      .crc = load_big_endian<uint32_t>(from + batch_field::kCrc),
      .attributes = load_big_endian<int16_t>(from + batch_field::kAttributes),
      .last_offset_delta = load_big_endian<int32_t>(from + batch_field::kLastOffsetDelta),
      .base_timestamp = load_big_endian<int64_t>(from + batch_field::kBaseTimestamp),
      .max_timestamp = load_big_endian<int64_t>(from + batch_field::kMaxTimestamp),
      .producer_id = ProducerId{load_big_endian<int64_t>(from + batch_field::kProducerId)},
      .producer_epoch = load_big_endian<int16_t>(from + batch_field::kProducerEpoch),
      .base_sequence = load_big_endian<int32_t>(from + batch_field::kBaseSequence),
      .records_count = load_big_endian<int32_t>(from + batch_field::kRecordsCount),
  };
  if (header.batch_length < kMinBatchLength || header.size_bytes() > kMaxBatchBytes) {
    return corrupt(fmt::format("a record batch has the length {}", header.batch_length));
  }
  if (header.last_offset_delta < 0 || header.records_count < 0) {
    return corrupt(fmt::format("a record batch has {} records and the last offset delta {}", header.records_count,
                               header.last_offset_delta));
  }
  if (header.base_offset >= kMaxOffset - header.last_offset_delta) {
    return corrupt(fmt::format("a record batch has the base offset {}", header.base_offset));
  }
  return header;
}

Result<RecordBatchView> RecordBatchView::parse(std::string_view bytes) {
  const auto header = RecordBatchHeader::parse(bytes);
  if (!header) return fail(header.error());
  if (header->size_bytes() > bytes.size()) {
    return corrupt(fmt::format("a record batch of {} bytes ends after {}", header->size_bytes(), bytes.size()));
  }
  return RecordBatchView{.header = *header, .bytes = bytes.substr(0, header->size_bytes())};
}

bool RecordBatchView::has_valid_crc() const { return batch_crc(bytes) == header.crc; }

uint32_t batch_crc(std::string_view batch) { return crc32c(batch.substr(batch_field::kAttributes)); }

int32_t add_to_sequence(int32_t sequence, int32_t count) {
  return static_cast<int32_t>((static_cast<uint32_t>(sequence) + static_cast<uint32_t>(count)) & 0x7FFFFFFF);
}

}  // namespace omashu::broker
