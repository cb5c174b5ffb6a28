// Writes, one after the other: the leader decides and appends them, the others send them on to the leader.
//
// A write is decided on the state as this registry has read it, appended with acks=all, and answered when this registry
// has read it back: from then on whoever asks here sees it, and the next decision knows it. Whether it counted, the
// topic says (store.h), so two that think they lead do no harm.
//
// To lead, a registry that was elected appends a NOOP with a new term and reads it back; all that others wrote before
// is then known. A write whose fate is open (a timeout, a lost connection) ends the term: under the next one, what
// still arrives of it is refused.
//
// On a damaged topic (Store::is_damaged) it neither leads nor decides anything. Thread-safe.

#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "base/mutex.h"
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

  void run() EXCLUDES(mutex_);
  bool step() EXCLUDES(mutex_);
  void wait() EXCLUDES(mutex_);

  struct State {
    bool is_leading;
    bool is_damaged;
    bool is_restored;
    std::string other_leader;  // its URL; "" where there is none
  };
  State state(bool is_elected) const;
  bool leads() const;
  void begin_term() EXCLUDES(mutex_);
  Result<void> take_over();
  void repair() EXCLUDES(mutex_);
  void end_term() EXCLUDES(mutex_);
  std::optional<Waiting> next_to_answer(const State& state) EXCLUDES(mutex_);
  void refuse_all(const ApiError& error) EXCLUDES(mutex_);
  void serve(Waiting waiting) EXCLUDES(mutex_);
  bool counted(const std::vector<int64_t>& offsets) const;

  const WriterOptions options_;
  SharedStore& store_;
  SchemasLog& log_;

  Mutex mutex_;
  ConditionVariable changed_;
  std::deque<Waiting> waiting_ GUARDED_BY(mutex_);
  bool is_elected_ GUARDED_BY(mutex_) = false;
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  bool has_news_ GUARDED_BY(mutex_) = false;            // since the thread looked last
  Clock::time_point next_try_ GUARDED_BY(mutex_) = {};  // to take over

  Term term_;  // of the thread: under which this registry leads or led; number 0: it must begin one
  std::thread thread_;
};

}  // namespace omashu::schema_registry::server
