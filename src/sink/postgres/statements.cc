#include "sink/postgres/statements.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sink/postgres/field_bytes.h"

namespace omashu::sink::postgres {

namespace {

constexpr std::string_view kStagingTable = "pg_temp.omashu_staging";

std::string joined(const std::vector<std::string>& parts, std::string_view between = ", ") {
  return fmt::format("{}", fmt::join(parts, between));
}

std::vector<std::string> quoted_names(const std::vector<std::string>& names) {
  std::vector<std::string> quoted_ones;
  for (const std::string& name : names) quoted_ones.push_back(quoted(name));
  return quoted_ones;
}

// The rows of fields, as n(f0, f1, …).
std::string rows_of(const std::vector<WrittenColumn>& columns, FieldSource source) {
  if (source == FieldSource::kStaging) return fmt::format("{} AS n", kStagingTable);
  std::vector<std::string> arrays, names;
  for (size_t i = 0; i < columns.size(); ++i) {
    arrays.push_back(fmt::format("${}", i + 1));
    names.push_back(fmt::format("f{}", i));
  }
  return fmt::format("unnest({}) AS n({})", joined(arrays), joined(names));
}

std::string cast_field(const std::vector<WrittenColumn>& columns, size_t index) {
  const WrittenColumn& written = columns[index];
  if (wire_type(written.column->type).name == written.cast_type) return fmt::format("n.f{}", index);
  return fmt::format("n.f{}::{}", index, written.cast_type);
}

std::string field_named(const std::vector<WrittenColumn>& columns, std::string_view name) {
  const auto found = std::ranges::find_if(columns, [&](const WrittenColumn& w) { return w.column->name == name; });
  return cast_field(columns, static_cast<size_t>(found - columns.begin()));
}

std::string guard(const std::string& partition, const std::string& offset, const std::string& timestamp) {
  return fmt::format(
      "CASE WHEN {0} = t.{3} THEN {1} > t.{4} ELSE (COALESCE({2}, '-infinity'), {0}) > (COALESCE(t.{5}, '-infinity'), "
      "t.{3}) END",
      partition, offset, timestamp, quoted(kPartitionColumn), quoted(kOffsetColumn), quoted(kTimestampColumn));
}

std::string insertion(const TableName& table, const std::vector<WrittenColumn>& columns,
                      const std::vector<std::string>& key, FieldSource source) {
  std::vector<std::string> names, fields;
  for (size_t i = 0; i < columns.size(); ++i) {
    names.push_back(quoted(columns[i].column->name));
    fields.push_back(cast_field(columns, i));
  }
  return fmt::format("INSERT INTO {} AS t ({}) SELECT {} FROM {} ON CONFLICT ({}) DO ", table.quoted(), joined(names),
                     joined(fields), rows_of(columns, source), joined(quoted_names(key)));
}

}  // namespace

std::string upsert_statement(const TableName& table, const std::vector<WrittenColumn>& columns,
                             const std::vector<std::string>& key, FieldSource source) {
  std::vector<std::string> updates;
  for (const WrittenColumn& written : columns) {
    if (std::ranges::find(key, written.column->name) != key.end()) continue;
    const std::string name = quoted(written.column->name);
    updates.push_back(fmt::format("{0} = excluded.{0}", name));
  }
  const auto excluded = [](std::string_view name) { return "excluded." + quoted(name); };
  return fmt::format("{}UPDATE SET {} WHERE {}", insertion(table, columns, key, source), joined(updates),
                     guard(excluded(kPartitionColumn), excluded(kOffsetColumn), excluded(kTimestampColumn)));
}

std::string delete_statement(const TableName& table, const std::vector<WrittenColumn>& columns,
                             const std::vector<std::string>& key, FieldSource source) {
  std::vector<std::string> equals;
  for (const std::string& name : key) {
    equals.push_back(fmt::format("t.{} = {}", quoted(name), field_named(columns, name)));
  }
  return fmt::format("DELETE FROM {} AS t USING {} WHERE {} AND {}", table.quoted(), rows_of(columns, source),
                     joined(equals, " AND "),
                     guard(field_named(columns, kPartitionColumn), field_named(columns, kOffsetColumn),
                           field_named(columns, kTimestampColumn)));
}

std::string append_statement(const TableName& table, const std::vector<WrittenColumn>& columns,
                             const std::vector<std::string>& key, FieldSource source) {
  return insertion(table, columns, key, source) + "NOTHING";
}

std::string staging_creation(const std::vector<WrittenColumn>& columns) {
  std::vector<std::string> fields;
  for (size_t i = 0; i < columns.size(); ++i) {
    fields.push_back(fmt::format("f{} {}", i, wire_type(columns[i].column->type).name));
  }
  return fmt::format("CREATE TEMPORARY TABLE {} ({}) ON COMMIT DROP", kStagingTable, joined(fields));
}

std::string staging_copy() { return fmt::format("COPY {} FROM STDIN (FORMAT binary)", kStagingTable); }

}  // namespace omashu::sink::postgres
