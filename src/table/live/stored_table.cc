#include "table/live/stored_table.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include "base/digest.h"
#include "table/live/stored_row.h"
#include "table/live/stored_snapshot.h"

namespace omashu::table {

namespace {

constexpr size_t kMaxUnreadable = 100;
constexpr size_t kMaxExpired = 1'000;  // rows in one go
constexpr size_t kMinBulkRows = 8'192;
constexpr int64_t kMaxReplayedOffsets = 200'000;  // beyond it nobody who was away is given the changes one by one
constexpr int64_t kNoteEveryMs = 10'000, kNoteIdleEveryMs = 3'600'000;
constexpr std::chrono::seconds kCurrentLag{60};  // who is less behind is up to date
constexpr std::string_view kCurrentAt = "current_at_ms", kDuplicates = "duplicates";

std::vector<IndexDescription> descriptions(const TableOptions& options) {
  std::vector<IndexDescription> indexes;
  for (const std::string& field : options.indexes) indexes.push_back({.field = field});
  return indexes;
}

std::optional<int64_t> note_number(const StoreSnapshot& snapshot, std::string_view name) {
  const auto note = snapshot.note(name);
  if (!note || !*note) return std::nullopt;
  int64_t number = 0;
  const std::string& text = **note;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Where the log has, or had, records of the row.
Result<std::vector<HistoryQuestion::Partition>> history_partitions(std::string_view row) {
  const auto versions = read_versions(row);
  if (!versions) return fail(versions.error());
  std::map<kafka::PartitionId, HistoryQuestion::Partition> partitions;
  for (const RowVersion& version : *versions) {
    HistoryQuestion::Partition& partition = partitions[version.position.partition];
    if (partition.offsets.empty()) partition.is_all = true;
    partition.partition = version.position.partition;
    // A version that remembers as many as it may has forgotten others.
    if (version.earlier.size() >= RowOptions().max_earlier_offsets) partition.is_all = false;
    partition.offsets.push_back(version.position.offset);
    partition.offsets.insert(partition.offsets.end(), version.earlier.begin(), version.earlier.end());
  }
  std::vector<HistoryQuestion::Partition> all;
  for (auto& [number, partition] : partitions) {
    std::ranges::sort(partition.offsets, std::greater());
    all.push_back(std::move(partition));
  }
  return all;
}

std::string hex_digest(std::string_view text) {
  std::string hex;
  for (const uint8_t byte : sha256(text)) hex += fmt::format("{:02x}", byte);
  return hex;
}

}  // namespace

StoredTable::StoredTable(Parts parts)
    : parts_(std::move(parts)),
      indexes_(descriptions(parts_.options)),
      positions_(std::make_shared<ReadPositions>(parts_.options.topic, *parts_.timer, parts_.is_partial)),
      feed_(parts_.feed_bytes),
      schema_(parts_.schema),
      store_(parts_.store),
      snapshot_(parts_.store->snapshot()) {}

// The fields' types are part of the indexes' names, since the order of the values depends on them.
StoreIdentity StoredTable::store_identity(const TableOptions& options, const TableSchema& schema,
                                          const std::string& topic_id) {
  StoreIdentity identity{.topic = options.topic, .topic_id = topic_id, .key_schema = "", .indexes = {}};
  if (!schema.key_fingerprint().empty()) identity.key_schema = hex_digest(schema.key_fingerprint());
  identity.indexes = schema.field_fingerprints();
  return identity;
}

// ---- readers

std::shared_ptr<const TableSchema> StoredTable::schema() const {
  const MutexLock lock(mutex_);
  return schema_;
}

std::shared_ptr<TypedTopic> StoredTable::typed() const {
  parts_.on_typed();
  return schema()->typed();
}

std::shared_ptr<TableStore> StoredTable::store() const {
  const MutexLock lock(mutex_);
  return store_;
}

TableStatus StoredTable::status() const {
  TableStatus status;
  const NextOffsets next = positions_->next();
  std::shared_ptr<TableStore> store;
  {
    const MutexLock lock(mutex_);
    status.rows = snapshot_->live_rows();
    status.is_restoring = is_restoring_;
    store = store_;
  }
  status.memory_bytes = store->memory_bytes();
  status.disk_bytes = store->disk_bytes();
  const MutexLock lock(status_mutex_);
  for (const auto& [partition, offset] : next) {
    status.partitions.push_back(
        {.partition = partition, .next_offset = offset, .end_offset = std::max(offset, ends_.end_of(partition))});
  }
  status.restored = progress_.done();
  status.to_restore = progress_.total();
  status.lag = ends_.lag(std::chrono::steady_clock::now());
  status.outage = outage_;
  status.unreadable = unreadable_;
  status.last_unreadable.assign(last_unreadable_.begin(), last_unreadable_.end());
  status.duplicates = duplicates_;
  status.impossible_transitions = transition_watch_.count();
  status.last_impossible_transitions = transition_watch_.last();
  return status;
}

std::chrono::milliseconds StoredTable::lag() const {
  const MutexLock lock(status_mutex_);
  return ends_.lag(std::chrono::steady_clock::now());
}

Result<Lookup> StoredTable::find(std::string_view key, Reach reach) const {
  std::shared_ptr<TableStore> store;
  bool is_complete = false;  // before the row is looked for: what comes meanwhile is not missed
  {
    const MutexLock lock(mutex_);
    store = store_;
    is_complete = !is_restoring_;
  }
  const auto bytes = store->get(key, reach);
  if (!bytes) return fail(bytes.error());
  if (!*bytes) return Lookup{.state = is_complete ? RowState::kNeverSeen : RowState::kNotYetSeen, .row = {}};
  if (parts_.is_partial) return find_among_read(key, **bytes, is_complete);
  const auto row = read_stored_row(**bytes);
  if (!row) return fail(row.error());
  return row->lookup(key, parts_.now_ms());
}

std::shared_ptr<const TableSnapshot> StoredTable::snapshot() const { return start_watch().snapshot; }

LiveTable::WatchStart StoredTable::start_watch() const {
  const int64_t now_ms = parts_.now_ms();
  const MutexLock lock(mutex_);
  return {.snapshot = std::make_shared<StoredSnapshot>(topic(), schema_, store_, snapshot_, !is_restoring_, now_ms),
          .next = feed_.end()};
}

Result<LiveTable::History> StoredTable::history(std::string_view key, size_t max_records,
                                                std::optional<int64_t> not_after_ms) const {
  if (parts_.history == nullptr) {
    return fail(ErrorCode::kUnavailable, fmt::format("{} has no log to look into", topic()));
  }
  const auto bytes = store()->get(key, Reach::kDisk);
  if (!bytes) return fail(bytes.error());
  HistoryQuestion question{
      .key = std::string(key), .partitions = {}, .max_records = max_records, .not_after_ms = not_after_ms};
  if (*bytes) {
    auto partitions = history_partitions(**bytes);
    if (!partitions) return fail(std::move(partitions.error()));
    question.partitions = *std::move(partitions);
  }
  return parts_.history->find(question, *schema());
}

// ---- the thread that reads

void StoredTable::set_schema(std::shared_ptr<const TableSchema> schema) {
  const MutexLock lock(mutex_);
  schema_ = std::move(schema);
}

std::optional<int64_t> StoredTable::current_at_ms(const TableStore& store) {
  return note_number(*store.snapshot(), kCurrentAt);
}

void StoredTable::begin_reading(const NextOffsets& starts, const NextOffsets& ends) {
  left_.clear();
  for (const auto& [partition, start] : starts) {
    if (parts_.is_partial && left_at_ms(partition)) left_.insert(partition);
  }
  positions_->restart(starts);
  bool is_complete = false;
  int64_t total = 0;
  {
    const MutexLock lock(status_mutex_);
    progress_ = {};
    ends_.clear();
    const auto now = std::chrono::steady_clock::now();
    for (const auto& [partition, start] : starts) {
      const auto end = ends.find(partition);
      progress_.add(partition, start, end == ends.end() ? start : end->second);
      ends_.on_read(partition, start);
      if (end != ends.end()) ends_.on_end(partition, end->second, now);
    }
    total = progress_.total();
    is_complete = progress_.is_complete();
  }
  std::shared_ptr<TableStore> store;
  {
    const MutexLock lock(mutex_);
    is_restoring_ = true;
    store = store_;
    const auto duplicates = note_number(*snapshot_, kDuplicates);
    const MutexLock status_lock(status_mutex_);
    duplicates_ = duplicates.value_or(0);
  }
  next_due_ms_ = 0;  // what is due is found by looking
  noted_current_ms_ = current_at_ms(*store);
  has_feed_ = total <= kMaxReplayedOffsets;
  feed_.restart(positions_->seen(), parts_.options.ttl.has_value());
  feed_.notify();
  if (is_complete) return finish_restore();
  if (has_feed_) return;
  store->begin_restore();
  is_store_restoring_ = true;
}

void StoredTable::finish_restore() {
  if (!has_feed_) {
    feed_.restart(positions_->seen(), parts_.options.ttl.has_value());
    has_feed_ = true;
  }
  {
    const MutexLock lock(mutex_);
    is_restoring_ = false;
  }
  needs_flush_ = needs_flush_ || is_store_restoring_;
  feed_.notify();
}

void StoredTable::replace_store(std::shared_ptr<TableStore> store) {
  positions_->restart({});
  const MutexLock lock(mutex_);
  is_restoring_ = true;
  is_store_restoring_ = false;
  store_ = std::move(store);
  snapshot_ = store_->snapshot();
}

Result<void> StoredTable::apply(std::span<const RecordRun> runs, const NextOffsets& next) {
  std::vector<std::vector<uint32_t>> row_of;  // by run and number
  row_of.reserve(runs.size());
  for (const RecordRun& run : runs) row_of.emplace_back(run.records.size());
  std::vector<std::string_view> keys;
  const std::vector<RecordPlace> places = merge_by_key(runs);
  keys.reserve(places.size());
  for (const RecordPlace& place : places) {
    if (keys.empty() || keys.back() != place.key) keys.push_back(place.key);
    row_of[place.run][place.number] = static_cast<uint32_t>(keys.size() - 1);
  }
  auto rows = store()->get_many(keys);
  if (!rows) return fail(std::move(rows.error()));
  RowChanges changes(
      {.indexes = indexes_.size(), .delete_retention_ms = parts_.delete_retention_ms, .has_feed = has_feed_});
  size_t new_rows = 0;
  for (size_t i = 0; i < keys.size(); ++i) {
    new_rows += (*rows)[i] ? 0 : 1;
    changes.add_row(keys[i], std::move((*rows)[i]));
  }
  for (size_t run = 0; run < runs.size(); ++run) {
    for (size_t i = 0; i < runs[run].records.size(); ++i) {
      if (auto applied = changes.apply(row_of[run][i], runs[run].records[i]); !applied) return applied;
    }
  }
  return commit(changes, next, new_rows);
}

Result<void> StoredTable::commit(RowChanges& changes, const NextOffsets& next, size_t new_rows) {
  auto rows = changes.take_rows();
  if (!rows) return fail(std::move(rows.error()));
  ChangeBatch batch{.rows = *std::move(rows), .notes = {}, .next_offsets = next};
  if (const auto note = new_note(kNoteEveryMs)) batch.notes.emplace_back(kCurrentAt, std::to_string(*note));
  if (changes.duplicates() != 0) {
    const MutexLock lock(status_mutex_);
    duplicates_ += changes.duplicates();
    batch.notes.emplace_back(kDuplicates, std::to_string(duplicates_));
  }
  batch.is_bulk = is_store_restoring_ && new_rows >= kMinBulkRows && 2 * new_rows >= batch.rows.size();
  const std::shared_ptr<TableStore> held = store();
  if (auto applied = held->apply(batch); !applied) return applied;
  needs_flush_ = true;
  if (const auto due = changes.next_due_ms()) next_due_ms_ = std::min(next_due_ms_.value_or(*due), *due);

  PositionSet read_up_to = positions_->seen();
  for (const auto& [partition, offset] : next) read_up_to.offsets[partition] = offset - 1;
  std::vector<Change> made = changes.take_changes();
  const bool has_made = !made.empty();
  if (!is_restoring_) transition_watch_.observe(*schema()->typed(), made);
  auto snapshot = held->snapshot();
  {
    const MutexLock lock(mutex_);
    snapshot_.swap(snapshot);
    if (has_feed_) feed_.append(std::move(made), read_up_to);
  }
  move_on(next);
  if (has_made) feed_.notify();
  return {};
}

void StoredTable::move_on(const NextOffsets& next) {
  positions_->advance(next);
  bool is_complete = false;
  {
    const MutexLock lock(status_mutex_);
    for (const auto& [partition, offset] : next) {
      progress_.on_record(partition, offset - 1);
      ends_.on_read(partition, offset);
    }
    is_complete = is_restoring_ && progress_.is_complete();
  }
  if (is_complete) finish_restore();
  if (!left_.empty()) forget_left_notes(next);
}

void StoredTable::add_unreadable(std::vector<UnreadableRecord> records) {
  const MutexLock lock(status_mutex_);
  unreadable_ += static_cast<int64_t>(records.size());
  for (UnreadableRecord& record : records) {
    last_unreadable_.push_front(std::move(record));
    if (last_unreadable_.size() > kMaxUnreadable) last_unreadable_.pop_back();
  }
}

void StoredTable::on_partition_end(kafka::PartitionId partition, kafka::Offset next) {
  // The end was seen before records that are read by now.
  if (positions_->next_of(partition).value_or(next) > next) return;
  {
    const MutexLock lock(status_mutex_);
    progress_.on_partition_end(partition);
    ends_.on_caught_up(partition, next);
  }
  move_on({{partition, next}});
}

void StoredTable::on_end(kafka::PartitionId partition, kafka::Offset end) {
  const MutexLock lock(status_mutex_);
  ends_.on_end(partition, end, std::chrono::steady_clock::now());
}

void StoredTable::set_outage(std::optional<std::string> outage) {
  const MutexLock lock(status_mutex_);
  outage_ = std::move(outage);
}

Result<std::optional<int64_t>> StoredTable::expire() {
  if (is_restoring_ || !next_due_ms_) return std::nullopt;
  const int64_t now_ms = parts_.now_ms();
  if (*next_due_ms_ > now_ms) return next_due_ms_;
  std::vector<std::string> keys;
  std::optional<int64_t> later;
  const std::shared_ptr<TableStore> held = store();
  const auto scanned = held->snapshot()->scan_index(indexes_.size(), {}, false, std::nullopt,
                                                    [&](std::string_view value, std::string_view key) {
                                                      const int64_t due = due_ms_of(value);
                                                      if (due > now_ms || keys.size() == kMaxExpired) {
                                                        later = due;
                                                        return false;
                                                      }
                                                      keys.emplace_back(key);
                                                      return true;
                                                    });
  if (!scanned) return fail(scanned.error());
  next_due_ms_ = later;
  if (keys.empty()) return next_due_ms_;
  RowChanges changes(
      {.indexes = indexes_.size(), .delete_retention_ms = parts_.delete_retention_ms, .has_feed = has_feed_});
  for (size_t i = 0; i < keys.size(); ++i) {
    auto row = held->get(keys[i], Reach::kDisk);
    if (!row) return fail(row.error());
    changes.add_row(keys[i], *std::move(row));
    if (auto expired = changes.expire(i, now_ms); !expired) return fail(std::move(expired.error()));
  }
  if (auto done = commit(changes, {}); !done) return fail(done.error());
  if (auto hidden = changes.take_hidden(); !hidden.empty() && parts_.on_hidden) parts_.on_hidden(std::move(hidden));
  return next_due_ms_;
}

std::optional<int64_t> StoredTable::new_note(int64_t every_ms) {
  if (is_restoring_ && noted_current_ms_) return std::nullopt;
  const int64_t now_ms = parts_.now_ms();
  if (noted_current_ms_ && now_ms - *noted_current_ms_ < every_ms) return std::nullopt;
  {
    const MutexLock lock(status_mutex_);
    if (!is_restoring_ && (outage_ || ends_.lag(std::chrono::steady_clock::now()) > kCurrentLag)) return std::nullopt;
  }
  noted_current_ms_ = now_ms;
  return now_ms;
}

Result<void> StoredTable::note_current() {
  const auto note = is_restoring_ ? std::nullopt : new_note(0);
  if (!note) return {};
  needs_flush_ = true;
  return store()->apply({.rows = {}, .notes = {{std::string(kCurrentAt), std::to_string(*note)}}, .next_offsets = {}});
}

Result<void> StoredTable::note_if_current() {
  if (is_restoring_ || !noted_current_ms_ || parts_.now_ms() - *noted_current_ms_ < kNoteIdleEveryMs) return {};
  return note_current();
}

Result<void> StoredTable::flush() {
  needs_flush_ = false;
  const bool ends_restore = !is_restoring_ && is_store_restoring_.exchange(false);
  auto flushed = ends_restore ? store()->end_restore() : store()->flush();
  if (!flushed) needs_flush_ = true;
  return flushed;
}

}  // namespace omashu::table
