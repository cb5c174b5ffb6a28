// How far a reader of a topic is from the end that the topic had when the reading began.

#pragma once

#include <cstdint>
#include <map>

#include "kafka/types.h"

namespace omashu::table {

class ReadProgress {
 public:
  // Reads `partition` from `start` on; `end` is its high watermark now.
  void add(kafka::PartitionId partition, kafka::Offset start, kafka::Offset end);

  // The record at that offset was read. Compaction leaves gaps, so offsets need not follow each other.
  void on_record(kafka::PartitionId partition, kafka::Offset offset);

  // There is nothing more for now. That may be before the end that was seen: records of open or aborted transactions
  // and control records lie behind it, and none of them will come.
  void on_partition_end(kafka::PartitionId partition);

  // The partition is not read any more.
  void remove(kafka::PartitionId partition);

  bool is_complete() const { return incomplete_ == 0; }
  bool is_complete(kafka::PartitionId partition) const;  // never of one that is not read

  // In offsets, gaps included.
  int64_t done() const { return done_; }
  int64_t total() const { return total_; }

 private:
  struct Partition {
    kafka::Offset next = 0;
    kafka::Offset end = 0;
  };
  void advance(Partition& partition, kafka::Offset next);

  std::map<kafka::PartitionId, Partition> partitions_;
  size_t incomplete_ = 0;
  int64_t done_ = 0;
  int64_t total_ = 0;
};

}  // namespace omashu::table
