// The TableReader: one consumer and one thread for all tables.
//
// While tables are restored, another thread takes batches of records from the consumer (record_fetcher.h), a few others
// decode them (ordered_workers.h), and the reading thread applies them in their order, many at once. Afterwards it
// reads by itself, and applies each batch as soon as it is there; where little comes it decodes by itself too. What
// waits for the disk, for brokers or for the registry beside reading is done by `keeper_`, which hands back what it
// finds.
//
// Invariants:
//   - A table's store, positions and feed are moved by the reading thread alone.
//   - What was read before the consumer was assigned anew is not applied: its jobs are dropped.
//   - Memory is bounded: the consumer's queue by its settings, batches under way by their number and bytes.

#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/executor.h"
#include "base/mutex.h"
#include "base/ordered_workers.h"
#include "kafka/consumer.h"
#include "table/live/record_fetcher.h"
#include "table/live/record_job.h"
#include "table/live/stored_table.h"
#include "table/live/table_folder.h"
#include "table/live/table_reader.h"
#include "table/live/table_schemas.h"
#include "table/live/table_sources.h"
#include "table/live/tombstone_writer.h"

namespace omashu::table {

class KafkaTableReader : public TableReader {
 public:
  KafkaTableReader(TableReaderOptions options, schema_registry::Client& registry, TableSources sources);
  ~KafkaTableReader() override;

  Result<void> start();
  const std::vector<std::shared_ptr<LiveTable>>& tables() const override { return live_; }
  void hold(const std::set<kafka::TopicPartition>& partitions) override EXCLUDES(mutex_);

 private:
  using Clock = std::chrono::steady_clock;
  using Watermarks = std::map<kafka::PartitionId, kafka::Watermarks>;

  static constexpr std::chrono::milliseconds kWatermarksTimeout{3'000};  // who is to stop has to wait for it

  struct Table {
    std::string topic;
    TopicFacts facts;
    std::set<kafka::PartitionId> held = {};  // of a partial table: the partitions that are read
    std::unique_ptr<TableFolder> folder;
    std::shared_ptr<StoredTable> live;
    bool is_gone = false;                        // the topic was deleted
    std::optional<std::string> rebuild_reason;   // why it is to be made anew
    bool must_begin = false;                     // its store is empty, and reading has to begin
    std::optional<Clock::time_point> flush_due;  // something is to be flushed then
    std::optional<int64_t> next_due_ms;          // of rows that expire
  };
  using Facts = std::vector<Result<TopicFacts>>;

  // ---- opening, and making tables anew

  Result<void> open_table(size_t number, const TableOptions& options, const Result<TopicFacts>& facts);
  Result<std::unique_ptr<kafka::Consumer>> open_consumer(TableSources::Pace pace);
  StoredTable::Parts parts_of(size_t number, const TableOptions& options);
  Result<std::map<std::string, Watermarks>> ask_watermarks(const std::vector<size_t>& tables,
                                                           std::chrono::milliseconds timeout);
  void begin(Table& table, const Watermarks& marks);
  // ---- of partial tables (kafka_table_reader_held.cc)

  bool is_read(const Table& table, kafka::PartitionId partition) const {
    return !options_.is_partial || table.held.contains(partition);
  }
  Result<void> settle_held();
  Result<void> settle_held_of(size_t number, const std::set<kafka::PartitionId>& wanted, const Watermarks& marks);
  // Those whose rows in the store cannot be read on from.
  std::map<kafka::PartitionId, std::string> stale_partitions(const Table& table, const Watermarks& marks) const;

  // Reads on where the tables are.
  Result<void> assign();
  Result<void> open_next_store(size_t number, const std::string& why);
  // The consumer is to be assigned anew: first of all, and until it has succeeded nothing is read.
  void rebuild(size_t number, const std::string& why);
  Result<void> settle();

  // ---- the thread

  void run();
  using Jobs = std::span<const std::unique_ptr<RecordJob>>;

  // Has what was fetched decoded, and applies what was decoded: much at once, or all once nothing more has come.
  void catch_up();
  bool decode_fetched(std::chrono::milliseconds wait);
  void collect_decoded(bool waits);
  void apply_decoded();
  // Reads what has come, and gives it to be decoded. Whether anything had.
  bool read();
  void apply_done(bool waits);
  void apply(Jobs jobs);
  bool apply_to(size_t number, Jobs jobs, const NextOffsets& next);
  std::map<size_t, NextOffsets> next_offsets_of(Jobs jobs) const;
  void drop_jobs();
  void follow_when_caught_up();
  void handle_read_error(const Error& error);
  void observe_outage();
  void set_outage(const std::optional<std::string>& outage);

  // What is due by the clock.
  void do_what_is_due();
  Clock::duration time_to_wait() const;
  void ask_for_facts();
  void handle_facts();
  void handle_facts_of(size_t number, const Result<TopicFacts>& facts);
  // Whether the offsets that a table stands at are still within its log; else it is made anew.
  void check_offsets();
  // False where the reader is to stop.
  bool pause(std::chrono::milliseconds time) EXCLUDES(mutex_);

  // The keeper's.
  void refresh_schemas(size_t number);
  void write_tombstones(size_t number, std::vector<HiddenRow> rows);
  void report_once(const std::string& line);

  const TableReaderOptions options_;
  schema_registry::Client& registry_;
  const TableSources sources_;
  TableSchemas schemas_;
  TombstoneWriter tombstones_;  // the keeper's
  const std::shared_ptr<DeadlineTimer> timer_ = std::make_shared<DeadlineTimer>();
  std::vector<Table> tables_;
  std::vector<std::shared_ptr<LiveTable>> live_;

  // The reading thread's own.
  std::unique_ptr<kafka::Consumer> consumer_;
  TableSources::Pace pace_ = TableSources::Pace::kFollow;
  std::unique_ptr<OrderedWorkers> workers_;
  RecordJobPool jobs_{schemas_};
  std::unique_ptr<RecordFetcher> fetcher_;  // while the tables are caught up with; else the thread reads itself
  size_t pending_bytes_ = 0;                // of the batches that are being decoded
  std::vector<std::unique_ptr<RecordJob>> decoded_;  // and not applied, while the tables are caught up with
  size_t decoded_records_ = 0, decoded_bytes_ = 0;
  Clock::time_point facts_asked_, next_facts_, next_outage_check_;
  bool must_check_offsets_ = false;
  bool must_settle_ = false;
  std::string last_report_;

  Mutex mutex_;
  ConditionVariable changed_;
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::optional<std::set<kafka::TopicPartition>> wanted_ GUARDED_BY(mutex_);  // to be held, and not settled yet
  std::atomic<bool> has_wanted_ = false;
  std::optional<Facts> facts_ GUARDED_BY(mutex_);  // that the keeper found
  std::atomic<bool> has_stopped_ = false;          // is_stopping_, for those who only look
  std::atomic<bool> has_facts_ = false;            // facts_ are there
  std::atomic<bool> asks_facts_ = false;           // the keeper is to find some

  const std::shared_ptr<Executor> keeper_ = std::make_shared<Executor>(1);
  std::thread thread_;
};

}  // namespace omashu::table
