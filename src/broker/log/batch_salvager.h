// Finds the batches of a segment that may be damaged: where the bytes are no batch, or one whose CRC or offsets are
// wrong, it looks for the next batch that holds.
//
// The offsets of a batch lie outside its CRC. They are taken for wrong where they are below what came before or beyond
// the segment's end, and where the batch after them says so: a batch that jumps over offsets with which the next one
// begins was not written like that.

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/offset.h"
#include "broker/log/batch_reader.h"
#include "broker/log/file_system.h"
#include "broker/log/record_batch.h"
#include "omashu/result.h"

namespace omashu::broker {

class BatchSalvager {
 public:
  struct Bounds {
    Offset first_offset{0};  // no batch begins before it
    Offset end_offset{0};    // and none ends after it
    bool is_dense = false;   // each batch begins where the one before it ends
  };
  // Bytes that are lost, and the offsets that were in them. There may be offsets without bytes: a file that is too
  // short.
  struct Damage {
    uint64_t position = 0;
    uint64_t end = 0;
    Offset first_offset{0};
    Offset end_offset{0};
  };

  // A batch begins at `position`. The file must outlive the salvager.
  BatchSalvager(const File& file, uint64_t position, uint64_t end, const Bounds& bounds);

  // The next batch that holds; nothing at the end. Errors are those of the file. Views hold until the next call.
  Result<std::optional<RecordBatchView>> next();

  uint64_t position() const { return position_; }      // of the batch that next() gave, or the end
  Offset next_offset() const { return next_offset_; }  // after the last batch that next() gave
  const std::vector<Damage>& damage() const { return damage_; }

 private:
  Result<std::optional<RecordBatchView>> read_at(uint64_t position, bool is_after_damage);
  bool fits(const RecordBatchHeader& header, bool is_after_damage) const;
  Result<bool> is_jump_plausible(const RecordBatchHeader& header, uint64_t position);
  // The position of the first batch after `position_` that holds; the end where there is none.
  Result<uint64_t> find_next_batch();
  Result<uint64_t> scan(uint64_t from);

  const File& file_;
  const uint64_t end_;
  const Bounds bounds_;
  uint64_t position_;
  uint64_t batch_bytes_ = 0;  // of the batch at position_
  uint64_t damage_position_ = 0;
  Offset next_offset_;
  uint64_t scan_budget_bytes_;  // bounds the work where many bytes look like a batch
  BatchReader reader_;
  std::vector<Damage> damage_;
};

}  // namespace omashu::broker
