// The store as threads share it: many ask, one applies records. Thread-safe.

#pragma once

#include <chrono>
#include <span>
#include <string>
#include <utility>

#include "base/mutex.h"
#include "schema_registry/server/store.h"

namespace omashu::schema_registry::server {

class SharedStore {
 public:
  using Clock = std::chrono::steady_clock;

  // Calls question(const Store&). What it returns must not point into the store.
  template <class Question>
  auto read(Question&& question) const {
    // Who applies records holds the gate while it waits for the questions under way: new ones queue behind it.
    MutexLock gate(gate_);
    const ReaderLock lock(mutex_);
    gate.unlock();
    return question(std::as_const(store_));
  }

  void apply(std::span<const IncomingRecord> records);

  // Forgets everything: the topic is read anew from its start.
  void reset();

  // Until the record at `offset` has been applied; false where that takes too long.
  bool wait_for(int64_t offset, Clock::time_point deadline) const;

  // Whether the topic has been read as far as it went when the reading began.
  bool is_restored() const;
  void set_restored();

  // Records that could not be read (Store::note_unreadable).
  void note_unreadable(int64_t first, int64_t end);

 private:
  mutable Mutex gate_;
  mutable SharedMutex mutex_;
  Store store_ GUARDED_BY(mutex_);

  mutable Mutex progress_mutex_;
  int64_t next_offset_ GUARDED_BY(progress_mutex_) = 0;
  bool is_restored_ GUARDED_BY(progress_mutex_) = false;
  mutable ConditionVariable progressed_;
};

}  // namespace omashu::schema_registry::server
