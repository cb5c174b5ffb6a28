// The one reader of a process for all of its live tables: it opens them, and keeps them up to date until it is
// destroyed.

#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kafka/types.h"
#include "omashu/result.h"
#include "schema_registry/client/client.h"
#include "table/live/live_table.h"
#include "table/live/table_options.h"
#include "table/store/store_memory.h"

namespace omashu::table {

struct TableReaderOptions {
  kafka::ClientConfig kafka;
  std::string data_folder;  // of the tables, each in a folder of its own there
  std::vector<TableOptions> tables;
  std::shared_ptr<StoreMemory> memory = nullptr;  // of these tables and of others; absent: of these alone
  std::chrono::milliseconds timeout{30'000};      // of each question to the brokers
  std::chrono::milliseconds flush_every{30'000};  // what a crash may cost is read again; and at the end
  std::chrono::milliseconds look_every{30'000};   // for topics that were made anew, or got more partitions
  bool is_partial = false;                        // reads the partitions that hold() names, and none before that
  // Whether this process is the one that writes to the partition: others may read it too.
  std::function<bool(const kafka::TopicPartition&)> owns = [](const kafka::TopicPartition&) { return true; };
  std::function<std::chrono::system_clock::time_point()> now = &std::chrono::system_clock::now;
  // What users should hear of, as one line; from any thread.
  std::function<void(const std::string& line)> report = [](const std::string&) {};
};

class TableReader {
 public:
  // Returns once the tables are there to be asked; they are still being restored then. Fails where a topic does not
  // exist, a field that is to be indexed is not in the schema (the nearest name is suggested), or nobody answers. The
  // registry must outlive the reader.
  static Result<std::unique_ptr<TableReader>> open(TableReaderOptions options, schema_registry::Client& registry);

  // Stops reading and writes everything to the disk. The tables may be held longer: they stay as they are.
  virtual ~TableReader() = default;

  // With TableReaderOptions::is_partial: reads these partitions from now on, and no others. They are read on from where
  // the store has them; LiveTable::has_read() tells when they are up to date. Does not wait; thread-safe.
  virtual void hold(const std::set<kafka::TopicPartition>& partitions) = 0;

  // In the order of the options.
  virtual const std::vector<std::shared_ptr<LiveTable>>& tables() const = 0;
};

}  // namespace omashu::table
