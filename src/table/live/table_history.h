// The earlier records of a key, looked up in the log: by their offsets where the row knows them, and where it does not,
// by reading the key's partitions from their end to their beginning. Thread-safe; waits for the brokers.

#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "kafka/consumer.h"
#include "table/live/live_table.h"
#include "table/live/table_schema.h"

namespace omashu::table {

struct HistoryQuestion {
  std::string key;  // logical
  // Of each partition that has records of the key: the offsets that are known, the newest first, and whether there are
  // none before them.
  struct Partition {
    kafka::PartitionId partition = 0;
    std::vector<kafka::Offset> offsets;
    bool is_all = false;
  };
  std::vector<Partition> partitions;
  size_t max_records = 0;
  std::optional<int64_t> not_after_ms;
};

class TableHistory {
 public:
  using OpenConsumer = std::function<Result<std::unique_ptr<kafka::Consumer>>()>;

  TableHistory(std::string topic, OpenConsumer open, std::chrono::milliseconds timeout)
      : topic_(std::move(topic)), open_(std::move(open)), timeout_(timeout) {}

  Result<LiveTable::History> find(const HistoryQuestion& question, const TableSchema& schema) EXCLUDES(mutex_);

 private:
  Result<std::unique_ptr<kafka::Consumer>> take_consumer() EXCLUDES(mutex_);
  void give_back(std::unique_ptr<kafka::Consumer> consumer) EXCLUDES(mutex_);

  const std::string topic_;
  const OpenConsumer open_;
  const std::chrono::milliseconds timeout_;
  Mutex mutex_;
  std::unique_ptr<kafka::Consumer> idle_ GUARDED_BY(mutex_);  // one is kept for the next question
};

}  // namespace omashu::table
