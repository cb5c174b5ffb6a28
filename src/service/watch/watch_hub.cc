#include "service/watch/watch_hub.h"

#include <algorithm>
#include <utility>

#include "base/thread_signals.h"

namespace omashu::service {

namespace {

constexpr size_t kChangesAtOnce = 256;

// A watcher that is so many changes behind is sent back to read them by itself.
constexpr size_t kMaxCaughtUp = 4096;

constexpr const char* kReadAnew = "the table is read anew";

}  // namespace

void see(table::PositionSet& seen, const table::Change& change) {
  if (change.is_expiry) return;
  auto& offset = seen.offsets.emplace(change.cause.partition, change.cause.offset).first->second;
  offset = std::max(offset, change.cause.offset);
}

WatchHub::WatchHub(Executor& executor, WatchOptions options)
    : executor_(executor), options_(options), thread_([this] { run(); }) {}

void WatchHub::stop() {
  std::map<const table::LiveTable*, std::unique_ptr<Followed>> followed;
  std::unordered_set<std::shared_ptr<Watcher>> watchers;  // let go without the lock
  Watchers joining;
  Watchers leaving;
  Watchers waiting;
  {
    const MutexLock lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
  {
    const MutexLock lock(mutex_);
    followed.swap(followed_);
    watchers.swap(watchers_);
    joining.swap(joining_);
    leaving.swap(leaving_);
    waiting.swap(waiting_);
  }
  for (const auto& [table, one] : followed) one->table->changes().remove_listener(one->listener);
}

size_t WatchHub::watchers() const {
  const MutexLock lock(mutex_);
  return watchers_.size();
}

// ---- For watchers

void WatchHub::enter(const std::shared_ptr<Watcher>& watcher) {
  table::LiveTable& table = watcher->table();
  bool is_new = false;
  {
    const MutexLock lock(mutex_);
    if (is_stopping_) return;
    watchers_.insert(watcher);
    auto& followed = followed_[&table];
    is_new = followed == nullptr;
    if (is_new) followed = std::make_unique<Followed>();
    followed->table = &table;
  }
  if (!is_new) return;
  const auto listener = table.changes().add_listener([this] {
    {
      const MutexLock lock(mutex_);
      has_changes_ = true;
    }
    changed_.notify_one();
  });
  const MutexLock lock(mutex_);
  if (const auto found = followed_.find(&table); found != followed_.end()) found->second->listener = listener;
}

void WatchHub::leave(const std::shared_ptr<Watcher>& watcher) {
  {
    const MutexLock lock(mutex_);
    if (watchers_.erase(watcher) == 0) return;
    if (is_stopping_) return;
    leaving_.push_back(watcher);
  }
  changed_.notify_one();
}

void WatchHub::join(const std::shared_ptr<Watcher>& watcher) {
  {
    const MutexLock lock(mutex_);
    if (is_stopping_) return;
    joining_.push_back(watcher);
  }
  changed_.notify_one();
}

void WatchHub::wait_for_changes(const std::shared_ptr<Watcher>& watcher) {
  const MutexLock lock(mutex_);
  if (!is_stopping_) waiting_.push_back(watcher);
}

// ---- The thread

void WatchHub::run() {
  block_signals();
  auto heartbeat = std::chrono::steady_clock::now() + options_.heartbeat;
  while (true) {
    Watchers joining;
    Watchers leaving;
    Watchers waiting;
    std::vector<Followed*> followed;
    {
      MutexLock lock(mutex_);
      while (!is_stopping_ && !has_changes_ && joining_.empty() && leaving_.empty()) {
        if (!changed_.wait_until(lock, heartbeat)) break;
      }
      if (is_stopping_) return;
      joining.swap(joining_);
      leaving.swap(leaving_);
      if (std::exchange(has_changes_, false)) waiting.swap(waiting_);
      for (const auto& [table, one] : followed_) followed.push_back(one.get());
    }
    for (const auto& watcher : leaving) remove(watcher);
    for (Followed* one : followed) follow_changes(*one);
    for (const auto& watcher : joining) {
      admit(watcher);
      // What came between its last look and now was told before it was one of those who are told.
      follow_changes(*followed_of(*watcher));
    }
    for (const auto& watcher : waiting) watcher->poke();
    if (std::chrono::steady_clock::now() < heartbeat) continue;
    send_heartbeats(followed);
    heartbeat = std::chrono::steady_clock::now() + options_.heartbeat;
  }
}

void WatchHub::follow_changes(Followed& followed) {
  if (followed.groups.empty()) followed.is_started = false;
  while (followed.is_started && give_changes(followed)) {
  }
}

// Some of the changes, in one piece for each group. False where there were none.
bool WatchHub::give_changes(Followed& followed) {
  const auto changes = followed.table->changes().read(followed.next, kChangesAtOnce);
  if (!changes) {
    begin_anew(followed);
    return false;
  }
  if (changes->empty()) return false;
  std::vector<std::string> events(followed.groups.size());
  Sequence number = followed.next;
  for (const table::Change& change : *changes) {
    see(followed.seen, change);
    std::string id;  // made for those who are told
    size_t i = 0;
    for (auto& [key, group] : followed.groups) {
      if (const auto event = group.view.event_of(change, number)) {
        if (id.empty()) id = table::position_set_text(followed.seen);
        append_row_event(events[i], std::get<WatchKind>(key), table::event_name(*event), id,
                         group.view.row_text(*change.after));
      }
      ++i;
    }
    ++number;
  }
  followed.next += changes->size();
  size_t i = 0;
  for (auto& [key, group] : followed.groups) give(followed, group, std::move(events[i++]));
  return true;
}

void WatchHub::give(Followed& followed, Group& group, std::string events) {
  if (events.empty()) return;
  const auto piece = std::make_shared<const std::string>(std::move(events));
  for (size_t i = 0; i < group.watchers.size();) {
    const std::shared_ptr<Watcher> watcher = group.watchers[i];
    if (watcher->write(piece)) {
      ++i;
      continue;
    }
    take_out(group, i);
    if (watcher->is_open()) watcher->fall_behind(followed.next, followed.seen);
  }
}

void WatchHub::take_out(Group& group, size_t index) {
  group.watchers[index]->place = {};
  if (index + 1 < group.watchers.size()) {
    group.watchers[index] = std::move(group.watchers.back());
    group.watchers[index]->place.index = index;
  }
  group.watchers.pop_back();
}

void WatchHub::begin_anew(Followed& followed) {
  auto groups = std::exchange(followed.groups, {});
  followed.is_started = false;
  for (auto& [key, group] : groups) {
    for (const auto& watcher : group.watchers) {
      watcher->place = {};
      watcher->restart(kReadAnew);
    }
  }
}

WatchHub::Followed* WatchHub::followed_of(const Watcher& watcher) {
  const MutexLock lock(mutex_);
  return followed_.at(&watcher.table()).get();
}

// It has been given everything before its next change: the few behind that are given to it alone.
void WatchHub::admit(const std::shared_ptr<Watcher>& watcher) {
  {
    const MutexLock lock(mutex_);
    if (!watchers_.contains(watcher)) return;  // it has left
  }
  Followed* const followed = followed_of(*watcher);
  std::erase_if(followed->groups, [](const auto& group) { return group.second.watchers.empty(); });
  auto [next, seen] = watcher->reached();
  if (!followed->is_started || followed->groups.empty()) {
    followed->is_started = true;
    followed->next = next;
    followed->seen = seen;
  }
  if (followed->next < next) follow_changes(*followed);
  if (!followed->is_started || followed->next < next) {  // the feed has begun anew
    return followed->is_started ? watcher->fall_behind(next, seen) : watcher->restart(kReadAnew);
  }
  Group& group = group_of(*followed, *watcher);
  if (followed->next > next && !catch_up(*watcher, group, followed->next, next, seen)) {
    if (watcher->is_open()) watcher->fall_behind(next, seen);
    return;
  }
  watcher->place = {.group = &group, .index = group.watchers.size()};
  group.watchers.push_back(watcher);
}

WatchHub::Group& WatchHub::group_of(Followed& followed, const Watcher& watcher) {
  const auto& question = watcher.question();
  const GroupKey key{question->text, question->typed.get(), watcher.kind()};
  if (const auto found = followed.groups.find(key); found != followed.groups.end()) return found->second;
  std::erase_if(followed.parts, [](const auto& parts) { return parts.second.expired(); });
  auto& shared = followed.parts[{question->typed.get(), question->filter.asks_key(), question->filter.asks_value()}];
  auto parts = shared.lock();
  if (parts == nullptr) shared = parts = std::make_shared<ChangeParts>(*question);
  return followed.groups.try_emplace(key, question, std::move(parts)).first->second;
}

bool WatchHub::catch_up(Watcher& watcher, Group& group, Sequence end, Sequence& next, table::PositionSet& seen) {
  if (end - next > kMaxCaughtUp) return false;
  const auto changes = watcher.table().changes().read(next, end - next);
  if (!changes || changes->size() < end - next) return false;
  std::string events;
  for (const table::Change& change : *changes) {
    see(seen, change);
    if (const auto event = group.view.event_of(change, next++)) {
      append_row_event(events, watcher.kind(), table::event_name(*event), table::position_set_text(seen),
                       group.view.row_text(*change.after));
    }
  }
  next = end;
  return events.empty() ? watcher.is_open() : watcher.write(std::make_shared<const std::string>(std::move(events)));
}

void WatchHub::remove(const std::shared_ptr<Watcher>& watcher) {
  if (watcher->place.group != nullptr) take_out(*static_cast<Group*>(watcher->place.group), watcher->place.index);
}

// Live watchers are told up to where the table was read, so that one of few rows need not begin anew when it comes
// back.
void WatchHub::send_heartbeats(const std::vector<Followed*>& followed) {
  for (Followed* one : followed) {
    const std::string id = table::position_set_text(one->seen);
    for (auto& [key, group] : one->groups) give(*one, group, heartbeat(std::get<WatchKind>(key), id));
  }
  Watchers others;
  {
    const MutexLock lock(mutex_);
    for (const auto& watcher : watchers_) {
      if (watcher->place.group == nullptr) others.push_back(watcher);
    }
  }
  for (const auto& watcher : others) watcher->send_heartbeat();
}

}  // namespace omashu::service
