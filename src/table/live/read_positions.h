// Up to where a table was read, and those who wait until it was read further. Thread-safe.
//
// Each waiter is called once, while no lock is held: when what it waits for was read, at its deadline, or when the
// table stops. What a waiter is told to be read is seen by whoever asks the table from then on, since positions move
// behind the store.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/mutex.h"
#include "table/live/deadline_timer.h"
#include "table/position_set.h"
#include "table/store/table_store.h"

namespace omashu::table {

class ReadPositions : public std::enable_shared_from_this<ReadPositions> {
 public:
  using Done = std::function<void(bool is_read)>;

  // The timer outlives it.
  // `is_partial`: others read some of the partitions. Those that are not read here are not waited for.
  ReadPositions(std::string topic, DeadlineTimer& timer, bool is_partial = false)
      : topic_(std::move(topic)), timer_(timer), is_partial_(is_partial) {}

  PositionSet seen() const EXCLUDES(mutex_);  // of the last record of each partition
  NextOffsets next() const EXCLUDES(mutex_);
  std::optional<kafka::Offset> next_of(kafka::PartitionId partition) const EXCLUDES(mutex_);

  void when_read(const PositionSet& positions, std::chrono::steady_clock::time_point deadline, Done done)
      EXCLUDES(mutex_);

  // Of the partitions that moved.
  void advance(const NextOffsets& next) EXCLUDES(mutex_);
  // They are not read any more. Who waits for one of them waits until its deadline.
  void drop(const std::set<kafka::PartitionId>& partitions) EXCLUDES(mutex_);
  // The table is made anew: what was read counts no more.
  void restart(NextOffsets next) EXCLUDES(mutex_);
  void stop() EXCLUDES(mutex_);

 private:
  struct Waiter {
    std::map<kafka::PartitionId, kafka::Offset> missing;  // of those that were not read yet
    Done done;
    DeadlineTimer::Id timer;
  };
  using WaiterId = uint64_t;

  bool is_read(kafka::PartitionId partition, kafka::Offset offset) const REQUIRES(mutex_);
  void expire(WaiterId id) EXCLUDES(mutex_);

  const std::string topic_;
  DeadlineTimer& timer_;
  const bool is_partial_;

  mutable Mutex mutex_;
  NextOffsets next_ GUARDED_BY(mutex_);
  std::map<WaiterId, Waiter> waiters_ GUARDED_BY(mutex_);
  // Each waiter stands at the first of its missing positions, so that a record that is read costs nothing for the
  // waiters that wait for later ones.
  std::map<kafka::PartitionId, std::multimap<kafka::Offset, WaiterId>> by_position_ GUARDED_BY(mutex_);
  WaiterId last_waiter_ GUARDED_BY(mutex_) = 0;
  bool is_stopped_ GUARDED_BY(mutex_) = false;
};

}  // namespace omashu::table
