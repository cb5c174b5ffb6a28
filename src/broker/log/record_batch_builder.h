// Writes record batches: for topics that the broker itself writes to, for compaction, and for tests.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/offset.h"
#include "broker/log/record_batch.h"

namespace omashu::broker {

class RecordBatchBuilder {
 public:
  // The timestamps of the records are relative to this one.
  explicit RecordBatchBuilder(int64_t base_timestamp_ms);

  // Adds a record at the next offset. A record without a value is a tombstone.
  RecordBatchBuilder& add(std::optional<std::string_view> key, std::optional<std::string_view> value,
                          int64_t timestamp_ms);
  RecordBatchBuilder& set_producer(ProducerId producer_id, int16_t producer_epoch, int32_t base_sequence);

  bool is_empty() const { return header_.records_count == 0; }
  // An upper bound for the size of the batch so far.
  size_t size_bytes() const { return kBatchHeaderBytes + records_.size(); }

  // The batch, uncompressed, at offset 0: appending it to a log gives it its offsets.
  std::string build() const;

 private:
  RecordBatchHeader header_;
  std::string records_;
};

// A batch without records that stands for the offsets from `base_offset` up to `end_offset`, of which there is at least
// one and at most 2^31: whoever reads on from one of them gets past them.
std::string build_gap_batch(Offset base_offset, Offset end_offset);

// The batch of this header over these stored (possibly compressed) records; its length and its CRC are computed.
std::string build_batch(RecordBatchHeader header, std::string_view records);

}  // namespace omashu::broker
