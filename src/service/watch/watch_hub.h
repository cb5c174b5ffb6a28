// Those who watch tables. One thread hears of the changes of all tables, finds for each kind of watcher (a table, a
// filter, fields) what a change is to it, renders that once, and hands the same bytes to all of them. Thread-safe.

#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <tuple>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/executor.h"
#include "base/mutex.h"
#include "service/watch/watcher.h"
#include "table/live/live_table.h"

namespace omashu::service {

struct WatchOptions {
  std::chrono::milliseconds heartbeat{15'000};
};

class WatchHub {
 public:
  WatchHub(Executor& executor, WatchOptions options);
  ~WatchHub() { stop(); }
  WatchHub(const WatchHub&) = delete;
  WatchHub& operator=(const WatchHub&) = delete;

  void stop() EXCLUDES(mutex_);
  size_t watchers() const EXCLUDES(mutex_);  // who are there now

  Executor& executor() { return executor_; }

  // ---- for watchers

  void enter(const std::shared_ptr<Watcher>& watcher) EXCLUDES(mutex_);
  void leave(const std::shared_ptr<Watcher>& watcher) EXCLUDES(mutex_);
  // It has come to the feed's end, or nearly so, and wants to be live.
  void join(const std::shared_ptr<Watcher>& watcher) EXCLUDES(mutex_);
  // It is poked when a table has changed. Asked before it looks whether it has to wait.
  void wait_for_changes(const std::shared_ptr<Watcher>& watcher) EXCLUDES(mutex_);

 private:
  using Sequence = table::ChangeFeed::Sequence;
  using Watchers = std::vector<std::shared_ptr<Watcher>>;

  // All who see the same; of the hub's thread.
  struct Group {
    Group(const std::shared_ptr<const WatchQuestion>& question, std::shared_ptr<ChangeParts> parts)
        : view(question, std::move(parts)) {}

    WatchView view;
    Watchers watchers;
  };
  // By what is seen, through which schemas, and how it is sent.
  using GroupKey = std::tuple<std::string, const void*, WatchKind>;
  // By the schemas, and whether the key and the value are asked.
  using PartsKey = std::tuple<const void*, bool, bool>;

  // A table that somebody watches; of the hub's thread, but for the first two.
  struct Followed {
    table::LiveTable* table = nullptr;
    table::ChangeFeed::ListenerId listener = 0;

    bool is_started = false;  // somebody is live
    Sequence next = 0;
    table::PositionSet seen;
    std::map<GroupKey, Group> groups;
    std::map<PartsKey, std::weak_ptr<ChangeParts>> parts;
  };

  void run() EXCLUDES(mutex_);
  static void follow_changes(Followed& followed);  // to the end of the feed
  static bool give_changes(Followed& followed);
  static void give(Followed& followed, Group& group, std::string events);
  static void take_out(Group& group, size_t index);
  static void begin_anew(Followed& followed);
  Followed* followed_of(const Watcher& watcher) EXCLUDES(mutex_);
  void admit(const std::shared_ptr<Watcher>& watcher) EXCLUDES(mutex_);
  static Group& group_of(Followed& followed, const Watcher& watcher);
  static bool catch_up(Watcher& watcher, Group& group, Sequence end, Sequence& next, table::PositionSet& seen);
  static void remove(const std::shared_ptr<Watcher>& watcher);
  void send_heartbeats(const std::vector<Followed*>& followed) EXCLUDES(mutex_);

  Executor& executor_;
  const WatchOptions options_;

  mutable Mutex mutex_;
  ConditionVariable changed_;
  std::map<const table::LiveTable*, std::unique_ptr<Followed>> followed_ GUARDED_BY(mutex_);
  std::unordered_set<std::shared_ptr<Watcher>> watchers_ GUARDED_BY(mutex_);
  Watchers joining_ GUARDED_BY(mutex_);
  Watchers leaving_ GUARDED_BY(mutex_);
  Watchers waiting_ GUARDED_BY(mutex_);
  bool has_changes_ GUARDED_BY(mutex_) = false;
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// `seen` has the change, too.
void see(table::PositionSet& seen, const table::Change& change);

}  // namespace omashu::service
