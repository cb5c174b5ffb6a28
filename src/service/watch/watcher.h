// One client that watches a table.
//
// It begins with a snapshot, or behind what it says it has seen; reads on in the feed at its own pace, on the
// executor; and is live once it has come to the feed's end: then the hub gives it each change, rendered once for all
// who see the same. When it does not take what it is given, it goes back to reading the feed at its own pace, until
// that has forgotten what it wants next: then it is told goodbye, and costs nobody anything.
//
// Exactly one of two has it at a time: its own task on the executor, or, while it is live, the hub's thread.

#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/executor.h"
#include "base/mutex.h"
#include "service/watch/watch_sink.h"
#include "service/watch/watch_view.h"
#include "table/live/live_table.h"

namespace omashu::service {

class WatchHub;

class Watcher : public std::enable_shared_from_this<Watcher> {
 public:
  Watcher(WatchHub& hub, table::LiveTable& table, std::shared_ptr<const WatchQuestion> question, WatchKind kind,
          std::optional<table::PositionSet> last_seen);
  ~Watcher();

  // On the connection's thread, once.
  void begin(http::Exchange& exchange);

  table::LiveTable& table() const { return table_; }
  const std::shared_ptr<const WatchQuestion>& question() const { return question_; }
  WatchKind kind() const { return kind_; }
  bool is_open() const { return sink_ != nullptr && !is_closed_ && sink_->is_open(); }

  // From any thread: there may be something to do for a watcher that is not live.
  void poke() EXCLUDES(mutex_);

  // ---- for the hub's thread, while it is live

  bool write(const std::shared_ptr<const std::string>& events) { return sink_->write(events); }
  // It has been given everything before `next`, and is not live any more.
  void fall_behind(table::ChangeFeed::Sequence next, const table::PositionSet& seen) EXCLUDES(mutex_);
  // The feed has begun anew, and so does the watcher.
  void restart(const std::string& reason) EXCLUDES(mutex_);
  // The next change, and what it has seen.
  std::pair<table::ChangeFeed::Sequence, table::PositionSet> reached() const EXCLUDES(mutex_);
  void send_heartbeat();  // also while it is not live

  // Where it stands among those who see the same; null where it is not live. The hub's own.
  struct Place {
    void* group = nullptr;
    size_t index = 0;
  };
  Place place;

 private:
  enum class Stage : uint8_t { kStart, kSnapshot, kReading, kLive };
  enum class Step : uint8_t { kAgain, kPause, kLive };

  void run() EXCLUDES(mutex_);
  Step start();
  Step resume();
  Step send_snapshot();
  Step read_on();
  bool is_to_wait();
  bool write_events(std::string events);
  void bye(const std::string& reason, bool is_stopping);

  WatchHub& hub_;
  table::LiveTable& table_;
  const std::shared_ptr<const WatchQuestion> question_;
  const WatchKind kind_;
  std::unique_ptr<WatchSink> sink_;
  std::atomic<bool> is_closed_ = false;

  mutable Mutex mutex_;
  bool is_running_ GUARDED_BY(mutex_) = false;  // a task is posted, or runs
  bool is_poked_ GUARDED_BY(mutex_) = false;    // since it began
  Stage stage_ GUARDED_BY(mutex_) = Stage::kStart;
  table::ChangeFeed::Sequence next_ GUARDED_BY(mutex_) = 0;
  table::PositionSet seen_ GUARDED_BY(mutex_);

  // Of the task.
  struct Reading;
  std::unique_ptr<Reading> reading_;  // what it needs while it is not live
  std::optional<table::PositionSet> last_seen_;
  std::optional<std::string> reset_reason_ GUARDED_BY(mutex_);
  int snapshots_ = 0;
};

}  // namespace omashu::service
