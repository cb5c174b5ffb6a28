// The store as threads share it: many ask, one applies records. Thread-safe.

#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#include <span>
#include <utility>

#include "schema_registry/server/store.h"

namespace omashu::schema_registry::server {

class SharedStore {
 public:
  using Clock = std::chrono::steady_clock;

  // Calls question(const Store&). What it returns must not point into the store.
  template <class Question>
  auto read(Question&& question) const {
    // Who applies records holds the gate while it waits for the questions under way: new ones queue behind it.
    std::unique_lock gate(gate_);
    const std::shared_lock lock(mutex_);
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

 private:
  mutable std::mutex gate_;
  mutable std::shared_mutex mutex_;  // guards store_
  Store store_;

  mutable std::mutex progress_mutex_;  // guards the two below
  int64_t next_offset_ = 0;
  bool is_restored_ = false;
  mutable std::condition_variable progressed_;
};

}  // namespace omashu::schema_registry::server
