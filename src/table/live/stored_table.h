// A live table over a store: what readers ask, and what the one thread that reads the topic does to it.
//
// Invariants:
//   - A batch is in the store, then in the snapshot and the feed, then in the positions, and then those who wait hear
//     of it: in that order, so that nobody hears of what cannot be asked for yet.
//   - The snapshot and the feed move together under mutex_, so that start_watch() sees one state. Nothing waits for the
//     disk while it is held.
//   - A store is replaced and never emptied: whoever has a snapshot of the old one keeps it.
//   - The store's note of when it was up to date is never later than the truth: while a table is read from its
//     beginning it is the time at which that began, since a tombstone that is there then is there for
//     delete.retention.ms; while it catches up it stays what it was.
//   - A partial table (Parts::is_partial) reads some of the partitions. Records of others, which it has read earlier,
//   stay
//     in the store, so that reading goes on from there when they are read again; find() does not see them, and whoever
//     goes through rows passes over those that lie in partitions it does not ask for. `left_at_ms.P` is the store's
//     note of when partition P was last up to date before it was left; it stands until P is up to date again.
//   - The row of a key that was seen stays while its tombstone is known; it is forgotten where no other live record of
//     the key may be on the topic.

#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "table/live/live_table.h"
#include "table/live/partition_ends.h"
#include "table/live/read_positions.h"
#include "table/live/record_runs.h"
#include "table/live/row_changes.h"
#include "table/live/table_history.h"
#include "table/live/table_schema.h"
#include "table/live/transition_watch.h"
#include "table/read_progress.h"

namespace omashu::table {

class StoredTable : public LiveTable {
 public:
  struct Parts {
    TableOptions options;
    std::shared_ptr<const TableSchema> schema;
    std::shared_ptr<TableStore> store;  // of the identity that store_identity() gives
    std::shared_ptr<DeadlineTimer> timer = {};
    int64_t delete_retention_ms = 0;
    std::function<int64_t()> now_ms;
    size_t feed_bytes = size_t{16} << 20;
    bool is_partial = false;                     // reads the partitions that begin_partitions() names, and no others
    std::shared_ptr<TableHistory> history = {};  // absent: there is no log to look into
    std::function<void()> on_typed = [] {};      // somebody asks for the schemas: they may be old by now
    // Rows whose ttl is over were hidden; on the thread that reads.
    std::function<void(std::vector<HiddenRow>)> on_hidden = {};
  };

  explicit StoredTable(Parts parts);
  ~StoredTable() override { stop(); }

  // What a store of such a table is made of.
  static StoreIdentity store_identity(const TableOptions& options, const TableSchema& schema,
                                      const std::string& topic_id);

  // ---- LiveTable

  const std::string& topic() const override { return parts_.options.topic; }
  const std::vector<IndexDescription>& indexes() const override { return indexes_; }
  std::vector<std::string> board() const override { return parts_.options.board; }
  std::shared_ptr<TypedTopic> typed() const override;
  TableStatus status() const override EXCLUDES(mutex_, status_mutex_);
  std::chrono::milliseconds lag() const override;
  PositionSet positions() const override { return positions_->seen(); }
  bool has_read(kafka::PartitionId partition) const override EXCLUDES(status_mutex_);
  Result<Lookup> find(std::string_view key, Reach reach) const override EXCLUDES(mutex_);
  std::shared_ptr<const TableSnapshot> snapshot() const override EXCLUDES(mutex_);
  void when_read(const PositionSet& positions, std::chrono::steady_clock::time_point deadline,
                 std::function<void(bool is_read)> done) override {
    positions_->when_read(positions, deadline, std::move(done));
  }
  WatchStart start_watch() const override EXCLUDES(mutex_);
  ChangeFeed& changes() override { return feed_; }
  Result<History> history(std::string_view key, size_t max_records, std::optional<int64_t> not_after_ms) const override
      EXCLUDES(mutex_);

  // ---- for the thread that reads the topic

  std::shared_ptr<const TableSchema> schema() const EXCLUDES(mutex_);
  void set_schema(std::shared_ptr<const TableSchema> schema) EXCLUDES(mutex_);
  std::shared_ptr<TableStore> store() const EXCLUDES(mutex_);
  NextOffsets next_offsets() const { return positions_->next(); }
  // When the rows were last known to be up to date, for resume_check.h.
  static std::optional<int64_t> current_at_ms(const TableStore& store);

  // Reading begins at `starts`; until it has come to `ends`, the table is being restored.
  void begin_reading(const NextOffsets& starts, const NextOffsets& ends) EXCLUDES(mutex_, status_mutex_);
  // Partitions beside those that are read, of a partial table: what is known of the others stays.
  void begin_partitions(const NextOffsets& starts, const NextOffsets& ends) EXCLUDES(status_mutex_);
  // These are not read any more.
  Result<void> leave_partitions(const std::set<kafka::PartitionId>& partitions) EXCLUDES(mutex_, status_mutex_);
  // None is read yet: notes of all that the store has when they were up to date.
  Result<void> note_all_left() EXCLUDES(mutex_);
  // When the partition, which is not read now, was last known to be up to date.
  std::optional<int64_t> left_at_ms(kafka::PartitionId partition) const EXCLUDES(mutex_);
  // Takes the records of partitions that are not read out of the store.
  Result<void> forget_partitions(const std::set<kafka::PartitionId>& partitions) EXCLUDES(mutex_, status_mutex_);
  // The table begins anew with an empty store, and is being restored until begin_reading() says otherwise.
  void replace_store(std::shared_ptr<TableStore> store) EXCLUDES(mutex_, status_mutex_);
  bool is_restoring() const { return is_restoring_; }

  // Records, those of each partition in their order from run to run, and where the partitions that were read go on.
  Result<void> apply(std::span<const RecordRun> runs, const NextOffsets& next) EXCLUDES(mutex_, status_mutex_);
  void add_unreadable(std::vector<UnreadableRecord> records) EXCLUDES(status_mutex_);
  // The partition has no more records before `next`, and none behind it now.
  void on_partition_end(kafka::PartitionId partition, kafka::Offset next) EXCLUDES(mutex_, status_mutex_);
  void on_end(kafka::PartitionId partition, kafka::Offset end) EXCLUDES(status_mutex_);
  void set_outage(std::optional<std::string> outage) EXCLUDES(status_mutex_);

  // Hides the rows whose ttl is over, and forgets tombstones that need not be known any more. The time at which that
  // must be done again; nothing where none is known.
  Result<std::optional<int64_t>> expire() EXCLUDES(mutex_, status_mutex_);

  // Keeps in the store that it is up to date now, where it is; the second one from time to time alone, for a table of
  // which nothing is written.
  Result<void> note_current() EXCLUDES(mutex_, status_mutex_);
  Result<void> note_if_current() EXCLUDES(mutex_, status_mutex_);
  // What was applied before is on the disk when it returns. From any thread.
  Result<void> flush() EXCLUDES(mutex_);
  bool needs_flush() const { return needs_flush_; }

  void stop() { positions_->stop(); }

 private:
  Result<void> commit(RowChanges& changes, const NextOffsets& next, size_t new_rows = 0)
      EXCLUDES(mutex_, status_mutex_);
  void move_on(const NextOffsets& next) EXCLUDES(mutex_, status_mutex_);
  void forget_left_notes(const NextOffsets& moved) EXCLUDES(mutex_, status_mutex_);
  Result<Lookup> find_among_read(std::string_view key, std::string_view bytes, bool is_complete) const;
  void finish_restore() EXCLUDES(mutex_, status_mutex_);
  // What the store's note is to say now, if it is to be another.
  std::optional<int64_t> new_note(int64_t every_ms) EXCLUDES(status_mutex_);

  const Parts parts_;
  const std::vector<IndexDescription> indexes_;
  const std::shared_ptr<ReadPositions> positions_;
  ChangeFeed feed_;
  std::atomic<bool> is_restoring_ = true;  // moves under mutex_
  std::atomic<bool> needs_flush_ = false;
  std::atomic<bool> is_store_restoring_ = false;  // begin_restore() was called, end_restore() not yet

  mutable Mutex mutex_;
  std::shared_ptr<const TableSchema> schema_ GUARDED_BY(mutex_);
  std::shared_ptr<TableStore> store_ GUARDED_BY(mutex_);
  std::shared_ptr<const StoreSnapshot> snapshot_ GUARDED_BY(mutex_);

  mutable Mutex status_mutex_;
  ReadProgress progress_ GUARDED_BY(status_mutex_);
  PartitionEnds ends_ GUARDED_BY(status_mutex_);
  std::optional<std::string> outage_ GUARDED_BY(status_mutex_);
  int64_t unreadable_ GUARDED_BY(status_mutex_) = 0;
  std::deque<UnreadableRecord> last_unreadable_ GUARDED_BY(status_mutex_);
  int64_t duplicates_ GUARDED_BY(status_mutex_) = 0;

  TransitionWatch transition_watch_;  // of changes that are made while the table is up to date

  // The reading thread's own.
  bool has_feed_ = false;  // changes are given to the feed
  std::optional<int64_t> next_due_ms_;
  std::optional<int64_t> noted_current_ms_;  // what the store's note says
  std::set<kafka::PartitionId> left_;        // that are read again, and have a note of when they were left
};

}  // namespace omashu::table
