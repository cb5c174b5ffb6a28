// A consumer of assigned partitions, or a member of a group. One thread at a time, wake() excepted.

#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "kafka/message_batch.h"
#include "kafka/types.h"

namespace omashu::kafka {

struct Watermarks {
  Offset low = 0;   // the first offset that is there
  Offset high = 0;  // one past the last that this consumer will get: with isolation.level=read_committed, the start of
                    // the oldest open transaction
};

// Nothing (monostate) when the time was up, or wake() was called.
using ConsumerEvent = std::variant<std::monostate, Message, PartitionEnd>;

// A record batch whose CRC is wrong: its bytes are not those that were written, and nothing in it can be believed.
struct DamagedBatch {
  TopicPartition partition;
  Offset offset = 0;  // of its first record
};

// What a group's member is told, from poll(), commit() or close(), on their thread.
struct RebalanceListener {
  bool is_member_alone = false;  // nothing is read of what is assigned: the membership is what counts
  std::function<void(std::span<const TopicPartition>)> on_assigned = {};
  // Before the partitions go to another member: the last time to commit() what is done with them. Where they are
  // `is_lost` they have gone already, and commits of them fail.
  std::function<void(std::span<const TopicPartition>, bool is_lost)> on_revoked = {};
  // Partitions come paused, with no place to read from: for who asks elsewhere where that is. They are read after
  // seek() and resume().
  bool assigns_paused = false;
};

class Consumer {
 public:
  // Auto-commit is off: commit() says what is done. auto.offset.reset is earliest, so that nothing is passed over.
  // check.crcs is true: damaged records are an error (kCorrupt), and never taken for what was written.
  // Properties such as group.id, group.instance.id, partition.assignment.strategy and isolation.level pass through.
  static Result<std::unique_ptr<Consumer>> open(const ClientConfig& config);
  virtual ~Consumer() = default;  // leaves the group; calls no listener

  // kNotFound where there is no such topic.
  virtual Result<std::vector<PartitionId>> partitions_of(const std::string& topic,
                                                         std::chrono::milliseconds timeout) = 0;
  virtual Result<Watermarks> watermarks(const TopicPartition& partition, std::chrono::milliseconds timeout) = 0;
  // Of many partitions, in two requests to each of their leaders.
  virtual Result<std::map<TopicPartition, Watermarks>> all_watermarks(std::span<const TopicPartition> partitions,
                                                                      std::chrono::milliseconds timeout) = 0;
  // The first offset whose record is of this time or later; kOffsetEnd where there is none.
  virtual Result<std::map<TopicPartition, Offset>> offsets_for_time(std::span<const TopicPartition> partitions,
                                                                    int64_t timestamp_ms,
                                                                    std::chrono::milliseconds timeout) = 0;

  // Called from poll() and poll_batch(), once for each damaged batch, which is then passed over. Without a listener
  // reading does not get past the batch: each poll fails. For assigned partitions.
  virtual void pass_over_damage(std::function<void(const DamagedBatch&)> listener) = 0;

  // Reads from these offsets on, without a group's help. Replaces what was assigned before.
  virtual Result<void> assign(const std::map<TopicPartition, Offset>& offsets) = 0;
  // Joins the group of `group.id`.
  virtual Result<void> subscribe(std::span<const std::string> topics, RebalanceListener listener) = 0;
  Result<void> subscribe(std::span<const std::string> topics) { return subscribe(topics, {}); }

  // What was fetched of these partitions is dropped, and nothing of them comes before resume(); membership and poll()
  // go on. Nothing is lost: reading goes on behind the last record that poll() gave.
  virtual Result<void> pause(std::span<const TopicPartition> partitions) = 0;
  virtual Result<void> resume(std::span<const TopicPartition> partitions) = 0;
  // Goes on reading at these offsets, whatever was fetched before. The partitions must be assigned; kUnavailable where
  // the assignment has not come through yet, and a later call will do it.
  virtual Result<void> seek(const std::map<TopicPartition, Offset>& offsets, std::chrono::milliseconds timeout) = 0;

  virtual Result<ConsumerEvent> poll(std::chrono::milliseconds timeout) = 0;
  // Waits for one event as poll() does, then takes what else is there, up to `max_events` in all. Empty when the time
  // was up. Faster than poll() where there is much to read.
  virtual Result<std::vector<ConsumerEvent>> poll_batch(size_t max_events, std::chrono::milliseconds timeout) = 0;

  // The same into `batch`, whose memory is used again: for reading a lot.
  virtual Result<void> read_batch(MessageBatch& batch, size_t max_events, std::chrono::milliseconds timeout) = 0;

  // The high watermark of an assigned partition as its leader told with the last fetch; nothing before the first one.
  // Asks nobody.
  virtual std::optional<Offset> fetched_end(const TopicPartition& partition) = 0;

  // Why no broker can be reached now, as far as poll() has seen; nothing where one can. Reading goes on by itself once
  // one is back. May take a tenth of a second while none is.
  virtual std::optional<Error> outage() = 0;

  // Ends the poll() that waits now, or else the next one. From any thread, but not from a signal handler.
  virtual void wake() = 0;

  // Commits the next offset to read of each partition.
  virtual Result<void> commit(const std::map<TopicPartition, Offset>& next_offsets) = 0;
  // The next offsets that the group has committed; partitions without one are left out.
  virtual Result<std::map<TopicPartition, Offset>> committed(std::span<const TopicPartition> partitions,
                                                             std::chrono::milliseconds timeout) = 0;

  // Leaves the group and closes; safe to call twice.
  virtual Result<void> close() = 0;
};

}  // namespace omashu::kafka
