// Which records of each partition a consumer has handed out and which of them are finished, in whatever order: so it is
// known how far a partition may be committed. Pure.

#pragma once

#include <cstddef>
#include <map>
#include <set>

#include "kafka/types.h"

namespace omashu::client {

class RecordsAtWork {
 public:
  using Positions = std::map<kafka::TopicPartition, kafka::Offset>;  // next offsets

  // Handed out. Offsets of a partition grow.
  void begin(const kafka::TopicPartition& partition, kafka::Offset offset);
  // Passed over: nobody works on it.
  void skip(const kafka::TopicPartition& partition, kafka::Offset offset);
  void finish(const kafka::TopicPartition& partition, kafka::Offset offset);

  // Whether the partition is one of which records were read, and which was not forgotten since.
  bool knows(const kafka::TopicPartition& partition) const { return partitions_.contains(partition); }

  // Behind every record that was handed out; and before the first that is not finished. Of the partitions alone where
  // that is not committed yet.
  Positions read() const;
  Positions finished() const;
  void committed(const Positions& positions);

  // The partition is another member's.
  void forget(const kafka::TopicPartition& partition) { partitions_.erase(partition); }

 private:
  struct Partition {
    kafka::Offset next{};
    kafka::Offset committed{};
    std::set<kafka::Offset> at_work;
  };
  std::map<kafka::TopicPartition, Partition> partitions_;
};

}  // namespace omashu::client
