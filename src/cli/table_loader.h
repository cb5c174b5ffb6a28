// Reads a table's topic to its end, showing how far it is, and keeps what it needs to go on.

#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "cli/cluster.h"
#include "cli/command.h"
#include "cli/problem_report.h"
#include "table/latest_table.h"
#include "table/topic_reader.h"
#include "table/typed_topic.h"

namespace omashu::cli {

class TableLoader {
 public:
  // The cluster must outlive the loader. Fails where the topic does not exist or nobody answers.
  static Result<TableLoader> open(Context& context, Cluster& cluster, const std::string& topic);

  table::TypedTopic& topic() { return typed_; }
  int partition_count() const { return description_.partitions; }

  // Applies every record to the table, up to the end that the partitions had at the start (all of them where
  // `partitions` is empty). Only records of `key`, a logical key, where one is given. A stop cuts it short with
  // kCancelled.
  Result<void> load(table::LatestTable& table, const std::set<kafka::PartitionId>& partitions = {},
                    const std::optional<std::string>& key = std::nullopt);

  // After load(): the rows that change from here on, until a stop is requested or nobody reads stdout any more.
  Result<void> follow(table::LatestTable& table, const std::function<void(const table::Row&)>& on_change);

  // Names the keys that have more than one live record, and counts the records that did not decode.
  void report(const table::LatestTable& table);

 private:
  TableLoader(Context& context, Cluster& cluster, kafka::TopicDescription description, table::TypedTopic typed);

  // The changed row's key; nothing where no row changed. The error is not this record's alone.
  Result<std::optional<std::string>> apply(const kafka::Message& message, const std::optional<std::string>& key,
                                           table::LatestTable& table);
  void show_progress(const table::ReadProgress& progress);

  Context* context_;
  Cluster* cluster_;
  kafka::TopicDescription description_;
  table::TypedTopic typed_;
  std::unique_ptr<table::TopicReader> reader_;
  std::unique_ptr<ProblemReport> problems_;
};

}  // namespace omashu::cli
