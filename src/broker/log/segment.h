// One segment of a partition's log: the batches from `base_offset` on, up to the next segment's.
//
//   00000000000000000000.log         batches, as clients sent them
//   00000000000000000000.index       sparse: offset → position in the .log
//   00000000000000000000.timeindex   sparse: greatest timestamp so far → the offset that has it
//
// The .index is made with the .log; the .timeindex is there once something has been written to it. Not thread-safe: the
// partition's lock guards it; files may be read without the lock up to the size that was seen under it.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/offset.h"
#include "broker/log/batch_reader.h"
#include "broker/log/log_files.h"
#include "broker/log/open_files.h"
#include "broker/log/record_batch.h"
#include "broker/log/sparse_index.h"
#include "omashu/result.h"

namespace omashu::broker {

class Segment {
 public:
  // Of the .log: its size, 0 for a new one, and when it was last written to. Bytes that are there already count as not
  // verified.
  Segment(OpenFiles& files, const SegmentFiles& names, Offset base_offset, uint64_t size_bytes, int64_t modified_ms);

  Offset base_offset() const { return base_offset_; }
  uint64_t size_bytes() const { return size_bytes_; }
  int64_t modified_ms() const { return modified_ms_; }
  const SegmentFiles& names() const { return names_; }
  Result<std::shared_ptr<File>> log_file();
  Result<void> create();        // the empty .log, and the .index
  Result<void> remove_files();  // all three
  void forget_files();          // their names are going to mean others, or none

  // Writes a batch, whose offsets are final, at the end. Where that fails nothing was appended: kUnavailable says that
  // the next append may go well; kIo, that the file is not to be trusted with more.
  Result<void> append(std::string_view batch, const RecordBatchHeader& header, int32_t index_interval_bytes,
                      int64_t now_ms);

  struct FoundBatch {
    uint64_t position = 0;
    RecordBatchHeader header;
  };
  // The first batch that ends at or after the offset; nothing where there is none. kCorrupt where the way there leads
  // over bytes that are no batch, or over batches whose offsets contradict each other: is_damaged() says so from then
  // on.
  Result<std::optional<FoundBatch>> find(Offset offset);

  // The same from a hint of the time index on: the first batch that is not known to be older than the timestamp.
  Result<std::optional<FoundBatch>> find_from_time(int64_t timestamp);
  // Whether it has no records, and passes its CRC.
  Result<bool> is_gap(const FoundBatch& batch);

  // The greatest timestamp; -1 where there are none. The time index is believed as far as the batches agree.
  Result<int64_t> max_timestamp();

  // Cuts off what an append has left behind that failed and could not take it back.
  Result<void> cut_torn_tail();

  // To be called when nothing will be appended any more: the time index then ends with the greatest timestamp.
  void seal();

  struct Recovered {
    bool is_whole = false;
    uint64_t position = 0;  // of the first batch that is not whole, does not pass its CRC, or was not accepted
    Offset next_offset{0};  // after the batch before it
  };
  // Reads the file from `offset` on, at or after which nobody vouches for the bytes, and takes the batches that hold
  // and pass `accept`, up to the first that does not. kCorrupt where the batches before the offset are not what they
  // were; with `has_gaps`, they need not reach the offset.
  Result<Recovered> recover(Offset offset, bool has_gaps, int32_t index_interval_bytes,
                            const std::function<bool(const RecordBatchHeader&)>& accept);
  // Cuts the file off there, on the disk, too: what is appended from then on must not be followed by what was there.
  Result<void> cut(uint64_t position);

  // Damage is mended by whoever has the log (segment_mender.h); afterwards what is missing is known to be.
  bool is_damaged() const { return is_damaged_; }
  bool is_mended() const { return is_mended_; }
  void set_damaged() { is_damaged_ = true; }
  void set_mended() {
    is_damaged_ = false;
    is_mended_ = true;
  }

  // How far the bytes from a position on have passed their CRC since the log was opened, or were appended since then;
  // the position itself where they have not. One stretch that grows is remembered, since most readers read on.
  uint64_t verified_to(uint64_t position) const;
  void set_verified(uint64_t begin, uint64_t end);

  // Brings all three files to the disk, and makes the indexes where they have no entries. Not for a segment that others
  // use meanwhile.
  Result<void> sync();

  // The .log while it has bytes that are not known to be on the disk. It stays open meanwhile, because the error of a
  // write that the system makes later is told only to those who had the file open.
  const std::shared_ptr<File>& unsynced_file() const { return unsynced_file_; }
  void set_synced() { unsynced_file_.reset(); }

  SparseIndex& offset_index() { return offset_index_; }
  SparseIndex& time_index() { return time_index_; }

 private:
  int32_t relative(Offset offset) const { return static_cast<int32_t>(offset - base_offset_); }

  // Takes a batch that is in the file into account.
  void note(const RecordBatchHeader& header, uint64_t position, int32_t index_interval_bytes);
  void note_timestamp(const RecordBatchHeader& header);
  void index_timestamp();
  // The first batch from the reader's position on that ends at or after the offset.
  Result<std::optional<FoundBatch>> walk(BatchReader& reader, Offset offset);
  std::unexpected<Error> corrupt(uint64_t position);
  // Makes newest_ known as far as the time index knows it. The position from which on batches may be newer.
  Result<uint64_t> load_newest();
  // Whether the entry of the time index says what its batch says, and where that batch is.
  Result<std::optional<FoundBatch>> batch_of(const SparseIndex::Entry& time_entry);

  Result<Recovered> find_recovery_position(const File& file, Offset offset, bool has_gaps);
  // Where the batch of the offset starts, or the batches before it end; nothing where they end earlier.
  Result<std::optional<Recovered>> walk_to(const File& file, uint64_t start, Offset offset, bool has_gaps);

  OpenFiles& files_;
  const SegmentFiles names_;
  const Offset base_offset_;
  uint64_t size_bytes_;
  int64_t modified_ms_;
  SparseIndex offset_index_;
  SparseIndex time_index_;
  std::shared_ptr<File> unsynced_file_;
  bool has_torn_tail_ = false;  // the file has bytes after size_bytes_
  bool is_damaged_ = false;
  bool is_mended_ = false;

  uint64_t trusted_from_;  // everything from here on was appended or verified since the log was opened
  uint64_t verified_begin_ = 0;
  uint64_t verified_end_ = 0;

  struct Newest {
    int64_t timestamp = -1;
    Offset offset = kNoOffset;
  };
  std::optional<Newest> newest_;    // nothing: known to the time index alone
  int64_t indexed_timestamp_ = -1;  // the last of the time index
  int64_t unindexed_bytes_ = 0;     // since the last entry of the indexes
};

}  // namespace omashu::broker
