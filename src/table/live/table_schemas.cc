#include "table/live/table_schemas.h"

#include <optional>

#include "avro/schema_text.h"

namespace omashu::table {

namespace {

bool is_other(const std::optional<avro::Schema>& latest, const std::optional<avro::Schema>& current) {
  return latest && (!current || avro::to_resolved_java_text(*latest) != avro::to_resolved_java_text(*current));
}

// A subject that was deleted says nothing of the records that are there.
bool is_newer(const FilterSchemas& latest, const FilterSchemas& current) {
  if ((current.key && !latest.key) || (current.value && !latest.value)) return false;
  return is_other(latest.key, current.key) || is_other(latest.value, current.value);
}

}  // namespace

void TableSchemas::add(std::shared_ptr<StoredTable> table, TableOptions options) {
  numbers_[table->topic()] = tables_.size();
  tables_.push_back(std::make_unique<Table>());
  tables_.back()->live = std::move(table);
  tables_.back()->options = std::move(options);
}

std::optional<size_t> TableSchemas::table_of(std::string_view topic) const {
  const auto found = numbers_.find(topic);
  return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

bool TableSchemas::Table::has_met(const RecordSchemas& written) {
  const ReaderLock lock(mutex);
  return (!written.key || met.contains(*written.key)) && (!written.value || met.contains(*written.value));
}

Result<std::shared_ptr<const TableSchema>> TableSchemas::schema_for(size_t number, const RecordSchemas& written) {
  Table& table = *tables_[number];
  if (!table.has_met(written)) {
    const MutexLock refreshing(table.refresh_mutex);
    if (!table.has_met(written)) {
      if (auto refreshed = refresh(table); !refreshed) return fail(std::move(refreshed.error()));
      const WriterLock lock(table.mutex);
      if (written.key) table.met.insert(*written.key);
      if (written.value) table.met.insert(*written.value);
    }
  }
  return table.live->schema();
}

Result<void> TableSchemas::refresh(size_t number) {
  Table& table = *tables_[number];
  const MutexLock refreshing(table.refresh_mutex);
  return refresh(table);
}

Result<void> TableSchemas::refresh(Table& table) {
  auto latest = TableSchema::open(registry_, table.options);
  if (!latest) return fail(std::move(latest.error()));
  const auto current = table.live->schema();
  if (!is_newer((*latest)->typed()->schemas(), current->typed()->schemas())) return {};
  if ((*latest)->key_fingerprint() != current->key_fingerprint() ||
      (*latest)->field_fingerprints() != current->field_fingerprints()) {
    table.needs_rebuild = true;  // before anybody can read with it
  }
  table.live->set_schema(*std::move(latest));
  return {};
}

}  // namespace omashu::table
