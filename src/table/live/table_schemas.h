// The schemas of a reader's tables, kept up to date: a record that was written with a schema that was not met before
// makes the registry be asked, before the record is read. Thread-safe once the tables are added.

#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "schema_registry/client/client.h"
#include "table/live/record_job.h"
#include "table/live/stored_table.h"

namespace omashu::table {

class TableSchemas : public SchemaSource {
 public:
  // The registry outlives it.
  explicit TableSchemas(schema_registry::Client& registry) : registry_(registry) {}

  void add(std::shared_ptr<StoredTable> table, TableOptions options);

  std::optional<size_t> table_of(std::string_view topic) const override;
  Result<std::shared_ptr<const TableSchema>> schema_for(size_t table, const RecordSchemas& written) override;

  // Asks the registry for the latest schemas.
  Result<void> refresh(size_t table);

  // Whether the table must be made anew, since logical keys, or the values of an index, are not what they were. A
  // record that was read with the newer schemas is seen only by those who see that too.
  bool needs_rebuild(size_t table) const { return tables_[table]->needs_rebuild; }
  void clear_rebuild(size_t table) { tables_[table]->needs_rebuild = false; }

 private:
  struct Table {
    std::shared_ptr<StoredTable> live;
    TableOptions options;
    Mutex refresh_mutex;  // one question at a time
    std::atomic<bool> needs_rebuild = false;
    SharedMutex mutex;
    std::set<serde::SchemaKey> met GUARDED_BY(mutex);

    bool has_met(const RecordSchemas& written) EXCLUDES(mutex);
  };
  Result<void> refresh(Table& table) REQUIRES(table.refresh_mutex);

  schema_registry::Client& registry_;
  std::vector<std::unique_ptr<Table>> tables_;
  std::map<std::string, size_t, std::less<>> numbers_;  // by topic
};

}  // namespace omashu::table
