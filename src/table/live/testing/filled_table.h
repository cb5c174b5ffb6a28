// A live table that a test fills by hand, without Kafka: what is put into it is seen at once, as if its reader had
// read it. Errors end the test's process with a message.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "schema_registry/client/client.h"
#include "table/live/deadline_timer.h"
#include "table/live/stored_table.h"
#include "table/store/testing/memory_store.h"

namespace omashu::table::testing {

struct FilledTableOptions {
  TableOptions table;  // its topic at least
  int partitions = 3;
  bool is_restoring = false;  // until finish_restore()
  std::function<int64_t()> now_ms = [] { return int64_t{1'700'000'000'000}; };
  int64_t delete_retention_ms = 86'400'000;
  size_t feed_bytes = size_t{16} << 20;
};

// What the table needs before it is there.
struct FilledTableParts {
  FilledTableParts(schema_registry::Client& registry, const FilledTableOptions& options);

  std::shared_ptr<const TableSchema> read_with_;
  std::shared_ptr<MemoryStore> memory_;
};

class FilledTable : private FilledTableParts, public StoredTable {
 public:
  // The registry, which must outlive it, has the topic's subjects already, or the topic has no schemas.
  FilledTable(schema_registry::Client& registry, FilledTableOptions options);
  ~FilledTable() override { stop(); }

  // A record, as `omashu put` would write it: the key as `omashu get` takes it, the value as plain JSON. Keys go to the
  // partition that Java's partitioner gives them; timestamps rise by one second from 1'700'000'000'000.
  Position put(std::string_view key, std::string_view value_json);
  Position remove(std::string_view key);
  // A record of these bytes.
  Position add(kafka::PartitionId partition, std::optional<std::string> key_bytes,
               std::optional<std::string> value_bytes, std::optional<int64_t> timestamp_ms = std::nullopt);

  // With FilledTableOptions::is_restoring.
  void finish_restore();
  // There is more on the topic than the table has read: it lags from now on.
  void fall_behind(kafka::PartitionId partition, kafka::Offset end) { on_end(partition, end); }
  // Rows in memory are no longer found with Reach::kMemory.
  void keep_nothing_in_memory() { memory_->keep_nothing_in_memory(); }

  // The bytes of a key that is given as to put().
  std::string key_bytes(std::string_view key) const;

 private:
  const FilledTableOptions options_;
  TableSchema::Scratch scratch_;
  std::map<kafka::PartitionId, kafka::Offset> next_;
  int64_t next_timestamp_ms_ = 1'700'000'000'000;
};

}  // namespace omashu::table::testing
