// When a consumer has read what it was to read. Whoever reads up to an offset waits for the consumer's word that a
// partition is at its end, since what stands before that offset may be compacted away or a transaction's marker.

#pragma once

#include <map>
#include <set>
#include <span>

#include "kafka/consumer.h"

namespace omashu::cli {

// Up to fixed offsets, one past the last of each partition.
class ReadEnds {
 public:
  // `starts` that are at their end already are done.
  ReadEnds(const std::map<kafka::TopicPartition, kafka::Offset>& starts,
           const std::map<kafka::TopicPartition, kafka::Offset>& ends)
      : ends_(ends) {
    for (const auto& [partition, start] : starts) reach(partition, start);
  }

  // Whether the record is one of those that are to be read.
  bool wants(const kafka::Message& message) const {
    const auto end = ends_.find({.topic = message.topic, .partition = message.partition});
    return end != ends_.end() && message.offset < end->second;
  }

  // `next` is the offset that would be read next.
  void reach(const kafka::TopicPartition& partition, kafka::Offset next) {
    const auto end = ends_.find(partition);
    if (end != ends_.end() && next >= end->second) ends_.erase(end);
  }

  bool are_reached() const { return ends_.empty(); }

 private:
  std::map<kafka::TopicPartition, kafka::Offset> ends_;  // of the partitions that are not done
};

// Up to the end that each partition has when a member of a group gets there.
class GroupEnds {
 public:
  void on_assigned(std::span<const kafka::TopicPartition> partitions) {
    was_assigned_ = true;
    unread_.insert(partitions.begin(), partitions.end());
  }
  void on_revoked(std::span<const kafka::TopicPartition> partitions) {
    for (const kafka::TopicPartition& partition : partitions) unread_.erase(partition);
  }
  void on_end(const kafka::TopicPartition& partition) { unread_.erase(partition); }

  bool are_reached() const { return was_assigned_ && unread_.empty(); }

 private:
  bool was_assigned_ = false;
  std::set<kafka::TopicPartition> unread_;
};

}  // namespace omashu::cli
