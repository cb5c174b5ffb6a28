#include "service/watch/watcher.h"

#include <utility>

#include "service/watch/watch_hub.h"

namespace omashu::service {

namespace {

constexpr size_t kPieceBytes = 32 << 10;
constexpr size_t kRowsAtOnce = 5'000;  // that are examined before others get their turn
constexpr size_t kChangesAtOnce = 1'000;

// Whoever cannot take a snapshot while the feed remembers what comes behind it may try so often.
constexpr int kMaxSnapshots = 3;

constexpr const char* kTooSlow = "too slow: changes came faster than they were taken";

}  // namespace

struct Watcher::Reading {
  explicit Reading(const std::shared_ptr<const WatchQuestion>& question) : view(question) {}

  WatchView view;
  table::LiveTable::WatchStart start;
  std::optional<std::string> last_key;           // of the snapshot, that was sent
  std::optional<table::PositionSet> may_repeat;  // changes with these causes were seen before
};

Watcher::Watcher(WatchHub& hub, table::LiveTable& table, std::shared_ptr<const WatchQuestion> question, WatchKind kind,
                 std::optional<table::PositionSet> last_seen)
    : hub_(hub), table_(table), question_(std::move(question)), kind_(kind), last_seen_(std::move(last_seen)) {}

Watcher::~Watcher() = default;

void Watcher::begin(http::Exchange& exchange) {
  http::StreamListener listener;
  listener.on_drained = [self = shared_from_this()] { self->poke(); };
  listener.on_closing = [self = shared_from_this()] { self->bye("the server stops: connect again", true); };
  listener.on_closed = [self = shared_from_this()] {
    self->is_closed_ = true;
    self->hub_.leave(self);
  };
  sink_ = WatchSink::open(exchange, kind_, std::move(listener));
  if (sink_ == nullptr) return;
  hub_.enter(shared_from_this());
  poke();
}

void Watcher::bye(const std::string& reason, bool is_stopping) {
  if (sink_ == nullptr) return;
  std::string events;
  append_reason_event(events, kind_, "bye", reason);
  sink_->write(std::make_shared<const std::string>(std::move(events)));
  sink_->end(reason, is_stopping);
  is_closed_ = true;
  hub_.leave(shared_from_this());
}

bool Watcher::write_events(std::string events) {
  return events.empty() || sink_->write(std::make_shared<const std::string>(std::move(events)));
}

// ---- Whose turn it is

void Watcher::poke() {
  {
    const MutexLock lock(mutex_);
    if (stage_ == Stage::kLive) return;
    is_poked_ = true;
    if (std::exchange(is_running_, true)) return;
  }
  hub_.executor().post([self = shared_from_this()] { self->run(); });
}

void Watcher::run() {
  Stage stage = Stage::kLive;
  {
    const MutexLock lock(mutex_);
    is_poked_ = false;
    stage = stage_;
  }
  Step step = Step::kPause;
  if (is_open() && sink_->has_room()) {
    if (reading_ == nullptr) reading_ = std::make_unique<Reading>(question_);
    switch (stage) {
      case Stage::kStart: step = start(); break;
      case Stage::kSnapshot: step = send_snapshot(); break;
      case Stage::kReading: step = read_on(); break;
      case Stage::kLive: break;
    }
  }
  if (!is_open() || step == Step::kLive) reading_.reset();
  {
    const MutexLock lock(mutex_);
    if (step == Step::kLive) {
      stage_ = Stage::kLive;
      is_running_ = false;
    } else if (step == Step::kPause && !is_poked_) {
      is_running_ = false;
      return;
    }
  }
  if (step == Step::kLive) return hub_.join(shared_from_this());
  hub_.executor().post([self = shared_from_this()] { self->run(); });
}

void Watcher::fall_behind(table::ChangeFeed::Sequence next, const table::PositionSet& seen) {
  {
    const MutexLock lock(mutex_);
    stage_ = Stage::kReading;
    next_ = next;
    seen_ = seen;
  }
  poke();
}

void Watcher::restart(const std::string& reason) {
  {
    const MutexLock lock(mutex_);
    stage_ = Stage::kStart;
    reset_reason_ = reason;
  }
  poke();
}

std::pair<table::ChangeFeed::Sequence, table::PositionSet> Watcher::reached() const {
  const MutexLock lock(mutex_);
  return {next_, seen_};
}

void Watcher::send_heartbeat() {
  if (is_open() && sink_->has_room()) write_events(heartbeat(kind_, ""));
}

// ---- The task

Watcher::Step Watcher::start() {
  if (last_seen_) return resume();
  reading_->start = table_.start_watch();
  if (!reading_->start.snapshot->is_complete()) {
    hub_.wait_for_changes(shared_from_this());
    reading_->start = table_.start_watch();
    if (!reading_->start.snapshot->is_complete()) return Step::kPause;
  }
  if (++snapshots_ > kMaxSnapshots) {
    bye(kTooSlow, false);
    return Step::kPause;
  }
  std::string events;
  {
    const MutexLock lock(mutex_);
    if (reset_reason_) append_reason_event(events, kind_, "reset", *std::exchange(reset_reason_, std::nullopt));
    stage_ = Stage::kSnapshot;
    next_ = reading_->start.next;
    seen_ = reading_->start.snapshot->positions();
  }
  reading_->last_key.reset();
  reading_->may_repeat.reset();
  append_snapshot_event(events, kind_);
  write_events(std::move(events));
  return Step::kAgain;
}

Watcher::Step Watcher::resume() {
  const table::PositionSet seen = *std::exchange(last_seen_, std::nullopt);
  const bool is_ours = seen.topic == question_->topic;
  const auto next = is_ours ? table_.changes().after(seen) : std::nullopt;
  const MutexLock lock(mutex_);
  if (!next) {
    reset_reason_ = is_ours ? "the changes behind your last event are not known any more"
                            : "your last event was one of another table";
    return Step::kAgain;
  }
  stage_ = Stage::kReading;
  next_ = *next;
  seen_ = seen;
  reading_->may_repeat = seen;
  return Step::kAgain;
}

Watcher::Step Watcher::send_snapshot() {
  std::string events;
  size_t examined = 0;
  bool is_whole = true;
  const auto scanned =
      reading_->start.snapshot->for_each_row(reading_->last_key, false, [&](const table::LiveRow& row) {
        if (examined++ == kRowsAtOnce || events.size() >= kPieceBytes) return is_whole = false;
        reading_->last_key = row.key;
        if (row.value && reading_->view.matches(row)) {
          append_row_event(events, kind_, "enter", "", reading_->view.row_text(row));
        }
        return true;
      });
  if (!scanned) {
    bye("the table cannot be read: " + scanned.error().message, false);
    return Step::kPause;
  }
  if (is_whole) {
    const MutexLock lock(mutex_);
    append_ready_event(events, kind_, table::position_set_text(seen_));
    stage_ = Stage::kReading;
    reading_->start.snapshot.reset();
  }
  write_events(std::move(events));
  return Step::kAgain;
}

Watcher::Step Watcher::read_on() {
  auto [sequence, seen] = reached();
  const bool must_wait = reading_->may_repeat && is_to_wait();
  const auto changes = table_.changes().read(sequence, kChangesAtOnce);
  if (!changes) {
    const MutexLock lock(mutex_);
    stage_ = Stage::kStart;
    reset_reason_ = "the changes behind your last event are not known any more";
    return Step::kAgain;
  }
  std::string events;
  size_t read = 0;
  for (const table::Change& change : *changes) {
    if (events.size() >= kPieceBytes) break;
    const auto number = sequence + read++;
    const bool is_repeated = reading_->may_repeat && !change.is_expiry && reading_->may_repeat->contains(change.cause);
    if (is_repeated) continue;
    see(seen, change);
    if (const auto event = reading_->view.event_of(change, number)) {
      append_row_event(events, kind_, table::event_name(*event), table::position_set_text(seen),
                       reading_->view.row_text(*change.after));
    }
  }
  const bool is_at_end = read == changes->size() && read < kChangesAtOnce;
  {
    const MutexLock lock(mutex_);
    next_ = sequence + read;
    seen_ = seen;
  }
  const bool has_room = write_events(std::move(events));
  if (!is_at_end) return Step::kAgain;
  if (!has_room) return Step::kPause;
  if (must_wait) return Step::kPause;
  snapshots_ = 0;
  return Step::kLive;
}

// Where this server has not read all yet that the client has seen elsewhere, the client stays apart until it has.
bool Watcher::is_to_wait() {
  const auto has_all = [this] { return table_.changes().read_up_to().contains(*reading_->may_repeat); };
  if (has_all()) return false;
  hub_.wait_for_changes(shared_from_this());
  return !has_all();
}

}  // namespace omashu::service
