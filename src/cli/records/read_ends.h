// When a consumer has read what it was to read. Whoever reads up to an offset waits for the consumer's word that a
// partition is at its end, too, since what stands before that offset may be compacted away or a transaction's marker.

#pragma once

#include <map>
#include <set>
#include <span>

#include "kafka/consumer.h"

namespace omashu::cli {

// Up to fixed offsets, one past the last of each partition.
class ReadEnds {
 public:
  // A start that is at its end already is done.
  ReadEnds(const std::map<kafka::TopicPartition, kafka::Offset>& starts,
           const std::map<kafka::TopicPartition, kafka::Offset>& ends)
      : ends_(ends) {
    for (const auto& [partition, start] : starts) {
      const auto end = ends_.find(partition);
      if (end != ends_.end() && start < end->second) unread_.insert(partition);
    }
  }

  // Whether the record is one of those that are to be read.
  bool wants(const kafka::Message& message) const {
    const auto end = ends_.find({.topic = message.topic, .partition = message.partition});
    return end != ends_.end() && message.offset < end->second;
  }

  void on_message(const kafka::Message& message) {
    const kafka::TopicPartition partition{.topic = message.topic, .partition = message.partition};
    const auto end = ends_.find(partition);
    if (end != ends_.end() && message.offset + 1 >= end->second) unread_.erase(partition);
  }
  void on_end(const kafka::TopicPartition& partition) { unread_.erase(partition); }

  bool are_reached() const { return unread_.empty(); }

 private:
  std::map<kafka::TopicPartition, kafka::Offset> ends_;
  std::set<kafka::TopicPartition> unread_;
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
