// How far a reader is behind the ends of its partitions: in offsets, and in time.
//
// What is known of an end is when it was first seen. Behind is a reader since the oldest end that it has not reached.
// Not thread-safe.

#pragma once

#include <chrono>
#include <deque>
#include <map>

#include "kafka/types.h"

namespace omashu::table {

class PartitionEnds {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void on_end(kafka::PartitionId partition, kafka::Offset end, Time now);
  void on_read(kafka::PartitionId partition, kafka::Offset next);
  // There is nothing more to be read: what lies between `next` and an end that was seen is no record of ours.
  void on_caught_up(kafka::PartitionId partition, kafka::Offset next);

  kafka::Offset end_of(kafka::PartitionId partition) const;  // 0 where none is known
  std::chrono::milliseconds lag(Time now) const;
  void remove(kafka::PartitionId partition) { partitions_.erase(partition); }  // it is not read any more
  void clear() { partitions_.clear(); }

 private:
  struct Seen {
    kafka::Offset end = 0;
    Time at;
  };
  // Beyond it the newest ends are taken for one: the time of the oldest is what counts.
  static constexpr size_t kMaxSeen = 64;

  struct Partition {
    kafka::Offset next = 0, end = 0;
    std::deque<Seen> seen;  // ends beyond `next`, rising
  };
  std::map<kafka::PartitionId, Partition> partitions_;
};

}  // namespace omashu::table
