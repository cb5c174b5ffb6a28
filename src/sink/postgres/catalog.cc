#include "sink/postgres/catalog.h"

#include <fmt/core.h>

#include <array>

#include "base/shown.h"

namespace omashu::sink::postgres {

namespace {

// Lists come as text with this between their parts: no name holds it.
constexpr char kSeparator = '\x01';

constexpr const char* kRelation = "SELECT c.oid::text, c.relkind::text FROM pg_class c WHERE c.oid = to_regclass($1)";

constexpr const char* kColumns =
    "SELECT a.attname, format_type(a.atttypid, a.atttypmod), format_type(a.atttypid, NULL), "
    "(a.attnotnull AND NOT a.atthasdef AND a.attidentity = '')::text, "
    "(SELECT string_agg(e.enumlabel, chr(1) ORDER BY e.enumsortorder) FROM pg_enum e "
    "WHERE e.enumtypid = COALESCE(NULLIF(t.typelem, 0), t.oid)) "
    "FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid "
    "WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";

constexpr const char* kUniqueKeys =
    "SELECT (SELECT string_agg(a.attname, chr(1)) FROM pg_attribute a WHERE a.attrelid = i.indrelid "
    "AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])) FROM pg_index i "
    "WHERE i.indrelid = $1::oid AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL "
    "AND i.indexprs IS NULL";

constexpr const char* kChecks =
    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = $1::oid AND contype = 'c'";

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const size_t end = std::min(list.find(kSeparator), list.size());
    parts.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return parts;
}

}  // namespace

std::vector<std::string> quoted_texts(std::string_view definition) {
  std::vector<std::string> texts;
  for (size_t at = 0; (at = definition.find('\'', at)) != std::string_view::npos;) {
    std::string text;
    for (++at; at < definition.size(); ++at) {
      if (definition[at] == '\'') {
        ++at;
        if (at == definition.size() || definition[at] != '\'') break;
      }
      text += definition[at];
    }
    texts.push_back(std::move(text));
  }
  return texts;
}

DatabaseResult<std::optional<ActualTable>> read_table(Connection& connection, const TableName& name,
                                                      const std::stop_token& stop) {
  const std::string quoted_name = name.quoted();
  const std::array by_name = {Parameter{.value = quoted_name}};
  const auto relation = connection.run(kRelation, by_name, stop);
  if (!relation) return std::unexpected(relation.error());
  if (relation->size() == 0) return std::nullopt;
  const std::string kind = relation->text(0, 1);
  if (kind != "r" && kind != "p") {
    return std::unexpected(DatabaseFailure{
        .remedy = Remedy::kStop,
        .sqlstate = "",
        .error = {
            ErrorCode::kInvalidArgument, fmt::format("{} is no table: name one with --table", name.quoted()), {}}});
  }

  const std::string oid = relation->text(0, 0);
  const std::array by_oid = {Parameter{.value = oid}};
  ActualTable table;
  const auto columns = connection.run(kColumns, by_oid, stop);
  if (!columns) return std::unexpected(columns.error());
  for (size_t row = 0; row < columns->size(); ++row) {
    table.columns.push_back({.name = columns->text(row, 0),
                             .type = columns->text(row, 1),
                             .base_type = columns->text(row, 2),
                             .is_required = columns->text(row, 3) == "true",
                             .enum_labels = split(columns->text(row, 4))});
  }
  const auto keys = connection.run(kUniqueKeys, by_oid, stop);
  if (!keys) return std::unexpected(keys.error());
  for (size_t row = 0; row < keys->size(); ++row) table.unique_keys.push_back(split(keys->text(row, 0)));
  const auto checks = connection.run(kChecks, by_oid, stop);
  if (!checks) return std::unexpected(checks.error());
  for (size_t row = 0; row < checks->size(); ++row) {
    table.check_symbols[checks->text(row, 0)] = quoted_texts(checks->text(row, 1));
  }
  return table;
}

}  // namespace omashu::sink::postgres
