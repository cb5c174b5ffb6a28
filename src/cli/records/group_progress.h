// Which records a consumer may commit: those that were printed, and whose lines have reached the reader.

#pragma once

#include <map>
#include <span>

#include "kafka/types.h"

namespace omashu::cli {

class GroupProgress {
 public:
  using NextOffsets = std::map<kafka::TopicPartition, kafka::Offset>;

  // The record was printed, but may still lie in a buffer.
  void on_printed(const kafka::Message& message) {
    printed_[{.topic = message.topic, .partition = message.partition}] = message.offset + 1;
  }

  // All that was printed is out.
  void on_flushed() {
    for (const auto& [partition, next] : printed_) flushed_[partition] = next;
    printed_.clear();
  }

  // The partitions went to another member before their offsets could be committed.
  void forget(std::span<const kafka::TopicPartition> partitions) {
    for (const kafka::TopicPartition& partition : partitions) {
      printed_.erase(partition);
      flushed_.erase(partition);
    }
  }

  // The next offset to read of each partition with something to commit.
  const NextOffsets& to_commit() const { return flushed_; }
  void on_committed() { flushed_.clear(); }

 private:
  NextOffsets printed_;
  NextOffsets flushed_;
};

}  // namespace omashu::cli
