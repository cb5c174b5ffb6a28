// What one call of Consumer::read_batch() took. The next call that is given the batch writes over it, and uses its
// memory again: reading much allocates little.

#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "kafka/types.h"

namespace omashu::kafka {

// The consumer has read all there is, for now. Whoever reads up to a high watermark waits for this event, not for a
// message with that offset: what stands before it may be a transaction's marker, or compacted away.
struct PartitionEnd {
  TopicPartition partition;
  Offset offset = 0;  // the next one
};

class MessageBatch {
 public:
  // In the order of the log, partition by partition.
  std::span<const Message> messages() const { return {slots_.data(), size_}; }

  // Partitions whose end was seen, behind all of their messages that are here.
  std::span<const PartitionEnd> ends() const { return ends_; }

  bool is_empty() const { return size_ == 0 && ends_.empty(); }

  void clear() {
    size_ = 0;
    ends_.clear();
  }
  // To be written over: it holds what an earlier message left.
  Message& add() {
    if (size_ == slots_.size()) slots_.emplace_back();
    return slots_[size_++];
  }
  void add_end(PartitionEnd end) { ends_.push_back(std::move(end)); }

 private:
  std::vector<Message> slots_;  // beyond size_: memory for more
  size_t size_ = 0;
  std::vector<PartitionEnd> ends_;
};

}  // namespace omashu::kafka
