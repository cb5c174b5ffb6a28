// Walks the batches of a segment's file, from a position at which one starts. Reads in chunks.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/offset.h"
#include "broker/log/file_system.h"
#include "broker/log/record_batch.h"
#include "omashu/result.h"

namespace omashu::broker {

class BatchReader {
 public:
  // Nothing at or after `end` is read. The file must outlive the reader.
  BatchReader(const File& file, uint64_t position, uint64_t end, size_t chunk_bytes);

  uint64_t position() const { return position_; }
  bool is_at_end() const { return position_ == end_; }

  // The batch at position(); nothing at the end, and where no whole batch of magic 2 is there. Errors are those of the
  // file. Views hold until the next call.
  Result<std::optional<RecordBatchHeader>> header();
  Result<std::optional<RecordBatchView>> batch();

  // A batch, the one at position(), may begin later than the one before it ends: compaction leaves gaps. But not so
  // late that the batch after it begins before its end: then its offset, which no CRC covers, is wrong.
  Result<bool> is_jump_plausible(const RecordBatchHeader& header, Offset previous_next_offset) const;

  void skip(const RecordBatchHeader& header) { position_ += header.size_bytes(); }
  void move_to(uint64_t position) { position_ = position; }

 private:
  // `size` bytes at position(), which must be there.
  Result<std::string_view> bytes(size_t size);

  const File& file_;
  uint64_t position_;
  const uint64_t end_;
  const size_t chunk_bytes_;
  std::string chunk_;
  uint64_t chunk_position_ = 0;
};

}  // namespace omashu::broker
