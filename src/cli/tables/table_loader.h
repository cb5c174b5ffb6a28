// Reads a table's topic to its end, showing how far it is, and keeps what it needs to go on.
//
// The command's thread reads and fills the table; in between, batches are decoded on threads of their own. They come
// back in the order in which they were read, so the order of each partition is kept. A stop or an error leaves what is
// under way, and the table unfinished.

#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/ordered_workers.h"
#include "cli/command.h"
#include "cli/connection/cluster.h"
#include "cli/problem_report.h"
#include "cli/tables/table_job.h"
#include "table/latest_table.h"
#include "table/topic_reader.h"
#include "table/typed_topic.h"

namespace omashu::cli {

class TableLoader {
 public:
  // The cluster must outlive the loader. Fails where the topic does not exist or nobody answers.
  static Result<TableLoader> open(Context& context, Cluster& cluster, const std::string& topic);

  table::TypedTopic& topic() { return *typed_; }
  int partition_count() const { return description_.partitions; }

  // Applies every record to the table, up to the end that the partitions had at the start (all of them where
  // `partitions` is empty). The table's values are StoredValues. A stop cuts it short with kCancelled.
  Result<void> load(table::LatestTable& table, TableView view, const std::set<kafka::PartitionId>& partitions = {});

  // After load(): the rows that change from here on, until a stop is requested or nobody reads stdout any more.
  Result<void> follow(table::LatestTable& table, const std::function<void(const table::Row&)>& on_change);

  // The row with its value as JSON, in `json`. Counted as a problem where the latest schema cannot read it; nothing
  // where it does not decode at all.
  std::optional<table::Row> shown(const table::Row& row, std::string& json);

  // A row that is counted, but that the latest schema cannot read.
  void note_as_written(const table::Row& row);

  // Names the keys that have more than one live record, and counts the records that did not decode.
  void report(const table::LatestTable& table);

 private:
  TableLoader(Context& context, Cluster& cluster, kafka::TopicDescription description, table::TypedTopic typed);

  std::unique_ptr<TableJob> make_job();
  // Reads what is there, for up to `timeout`, and gives it to the workers. False where nothing was there.
  Result<bool> read_batch(OrderedWorkers& workers, std::chrono::milliseconds timeout);
  // The error is not one record's alone.
  Result<void> apply(const TableJob& job, table::LatestTable& table,
                     const std::function<void(const table::Row&)>& on_change);
  Result<void> apply_done(OrderedWorkers& workers, bool waits, table::LatestTable& table);
  std::string place_of(const table::Position& position) const;
  void show_progress(const table::ReadProgress& progress);

  Context* context_;
  Cluster* cluster_;
  kafka::TopicDescription description_;
  std::unique_ptr<table::TypedTopic> typed_;
  std::unique_ptr<TableView> view_;
  std::unique_ptr<table::TopicReader> reader_;
  std::unique_ptr<ProblemReport> problems_;
  std::vector<std::unique_ptr<TableJob>> free_jobs_;  // their memory is used again
};

}  // namespace omashu::cli
