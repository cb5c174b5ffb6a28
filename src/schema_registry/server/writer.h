// Writes, one after the other: the leader decides and appends them, the others send them on to the leader.
//
// A write is decided on the state as this registry has read it, appended with acks=all, and answered when this registry
// has read it back: from then on whoever asks here sees it, and the next decision knows it. Whether it counted, the
// topic says (store.h), so two that think they lead do no harm.
//
// To lead, a registry that was elected appends a NOOP with a new term and reads it back; all that others wrote before
// is then known. A write whose fate is open (a timeout, a lost connection) ends the term: under the next one, what
// still arrives of it is refused. Thread-safe.

#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "schema_registry/server/decision.h"
#include "schema_registry/server/schemas_log.h"
#include "schema_registry/server/shared_store.h"

namespace omashu::schema_registry::server {

struct Write {
  Decide decide;
  // Called once, on the writer's thread or in stop(): the body of the answer.
  std::function<void(Answer<std::string>)> done;
  // Hands the write to the leader at this URL, in place of done(). Empty for a write that comes from another registry,
  // which goes no further.
  std::function<void(const std::string& url)> forward = {};
};

struct WriterOptions {
  std::string url = {};                             // under which the others reach this registry
  std::chrono::milliseconds timeout{10'000};        // of a write, and of its wait for somebody to lead
  std::chrono::milliseconds retry_pause{500};       // between tries to lead
  std::chrono::milliseconds deposed_pause{10'000};  // before one that is still elected takes over again
};

class Writer {
 public:
  using Clock = std::chrono::steady_clock;

  Writer(WriterOptions options, SharedStore& store, SchemasLog& log);
  ~Writer() { stop(); }

  void submit(Write write);

  // Whether this registry is to lead. Taking over takes a moment.
  void set_elected(bool is_elected);

  // The store knows more: another leader, perhaps. Not to be called while it is being asked.
  void wake();

  // Answers what waits with an error.
  void stop();

 private:
  struct Waiting {
    Write write;
    Clock::time_point deadline;
  };

  void run();
  bool step(std::unique_lock<std::mutex>& lock);
  void wait(std::unique_lock<std::mutex>& lock);

  // Without the lock.
  bool leads() const;
  std::string other_leader() const;
  bool take_over();
  void repair();
  void end_term();
  void serve(Waiting waiting);
  bool counted(const std::vector<int64_t>& offsets) const;

  const WriterOptions options_;
  SharedStore& store_;
  SchemasLog& log_;

  std::mutex mutex_;  // guards the five below
  std::condition_variable changed_;
  std::deque<Waiting> waiting_;
  bool is_elected_ = false;
  bool is_stopping_ = false;
  Clock::time_point next_try_{};  // to take over

  Term term_;  // of the thread: under which this registry leads or led; number 0: it must begin one
  std::thread thread_;
};

}  // namespace omashu::schema_registry::server
