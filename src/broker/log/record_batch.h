// A record batch of magic 2, the one form in which records are sent, stored and fetched. All integers are big-endian.
//
//    0  int64  base_offset             offset of the first record; the broker writes it
//    8  int32  batch_length            bytes after this field
//   12  int32  partition_leader_epoch  the broker writes it
//   16  int8   magic                   2
//   17  uint32 crc                     CRC-32C from attributes to the end
//   21  int16  attributes              see kCompressionMask and the bits after it
//   23  int32  last_offset_delta
//   27  int64  base_timestamp          or, with the bit kDeleteHorizonBit, the time after which tombstones may go
//   35  int64  max_timestamp
//   43  int64  producer_id             -1: none
//   51  int16  producer_epoch
//   53  int32  base_sequence
//   57  int32  records_count
//   61         the records, compressed as the attributes say
//
// What lies before attributes is outside the CRC, so that offsets can be assigned without a pass over the records.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/offset.h"
#include "broker/protocol/producer_id.h"
#include "omashu/result.h"

namespace omashu::broker {

namespace batch_field {
inline constexpr size_t kBaseOffset = 0;
inline constexpr size_t kBatchLength = 8;
inline constexpr size_t kPartitionLeaderEpoch = 12;
inline constexpr size_t kMagic = 16;
inline constexpr size_t kCrc = 17;
inline constexpr size_t kAttributes = 21;
inline constexpr size_t kLastOffsetDelta = 23;
inline constexpr size_t kBaseTimestamp = 27;
inline constexpr size_t kMaxTimestamp = 35;
inline constexpr size_t kProducerId = 43;
inline constexpr size_t kProducerEpoch = 51;
inline constexpr size_t kBaseSequence = 53;
inline constexpr size_t kRecordsCount = 57;
}  // namespace batch_field

inline constexpr size_t kBatchHeaderBytes = 61;
inline constexpr size_t kBatchLengthEndBytes = 12;   // batch_length counts from here
inline constexpr size_t kMaxBatchBytes = 128 << 20;  // more than any request of Kafka's clients can hold
inline constexpr int8_t kMagic = 2;

inline constexpr int16_t kCompressionMask = 0x07;
inline constexpr int16_t kLogAppendTimeBit = 0x08;  // all records have the timestamp max_timestamp
inline constexpr int16_t kTransactionalBit = 0x10;
inline constexpr int16_t kControlBit = 0x20;
inline constexpr int16_t kDeleteHorizonBit = 0x40;

enum class Compression : uint8_t { kNone = 0, kGzip = 1, kSnappy = 2, kLz4 = 3, kZstd = 4 };

struct RecordBatchHeader {
  Offset base_offset{0};
  int32_t batch_length = 0;
  int32_t partition_leader_epoch = -1;
  uint32_t crc = 0;
  int16_t attributes = 0;
  int32_t last_offset_delta = 0;
  int64_t base_timestamp = -1;
  int64_t max_timestamp = -1;
  ProducerId producer_id = kNoProducerId;
  int16_t producer_epoch = -1;
  int32_t base_sequence = -1;
  int32_t records_count = 0;

  size_t size_bytes() const { return kBatchLengthEndBytes + static_cast<size_t>(batch_length); }
  Offset last_offset() const { return base_offset + last_offset_delta; }
  Offset next_offset() const { return last_offset() + 1; }
  int32_t last_sequence() const;
  int64_t timestamp_of(int64_t timestamp_delta) const;  // of a record
  Offset offset_of(int32_t offset_delta) const;         // of a record; never past the batch's last
  bool has_producer() const { return producer_id >= ProducerId{0}; }
  bool is_log_append_time() const { return (attributes & kLogAppendTimeBit) != 0; }
  bool is_transactional() const { return (attributes & kTransactionalBit) != 0; }
  bool is_control() const { return (attributes & kControlBit) != 0; }
  bool has_delete_horizon() const { return (attributes & kDeleteHorizonBit) != 0; }
  int16_t codec() const { return attributes & kCompressionMask; }  // a Compression, or a number that means nothing

  // Of at least kBatchHeaderBytes. kCorrupt where it is no header of magic 2, or where its numbers cannot be: lengths
  // and counts below zero or beyond kMaxBatchBytes, offsets past the end of int64.
  static Result<RecordBatchHeader> parse(std::string_view bytes);
};

// A whole batch in somebody else's bytes.
struct RecordBatchView {
  RecordBatchHeader header;
  std::string_view bytes;

  // The batch at the front of `bytes`, of which there may be more. kCorrupt where it is not whole. The CRC and the
  // records are not looked at.
  static Result<RecordBatchView> parse(std::string_view bytes);

  bool has_valid_crc() const;
  std::string_view records() const { return bytes.substr(kBatchHeaderBytes); }  // as stored: possibly compressed
};

uint32_t batch_crc(std::string_view batch);

// Sequences run from 0 to 2^31 - 1 and start again.
int32_t add_to_sequence(int32_t sequence, int32_t count);

}  // namespace omashu::broker
