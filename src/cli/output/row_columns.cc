#include "cli/output/row_columns.h"

#include <fmt/core.h>

#include <algorithm>

#include "table/row_json.h"

namespace omashu::cli {

namespace {

void set(json::Value& columns, const std::string& name, json::Value value) {
  const auto same = std::ranges::find(columns.members(), name, &json::Member::name);
  if (same == columns.members().end()) {
    columns.add(name, std::move(value));
  } else {
    same->value = std::move(value);
  }
}

// The members of an object, or the value itself under `name`.
std::vector<json::Member> fields_of(std::string_view text, const std::string& name) {
  auto parsed = json::parse(text);
  if (parsed && parsed->is_object()) return std::move(parsed->members());
  std::vector<json::Member> fields;
  fields.push_back({.name = name, .value = parsed ? *std::move(parsed) : json::Value(text), .offset = 0});
  return fields;
}

}  // namespace

json::Value row_columns(const table::Row& row, std::optional<table::Event> event) {
  json::Value columns = json::Value::object();
  std::vector<json::Member> values;
  if (row.value) values = fields_of(*row.value, "value");
  for (json::Member& field : fields_of(row.key, "key")) {
    const auto same = std::ranges::find(values, field.name, &json::Member::name);
    const bool differs = same != values.end() && json::to_text(same->value) != json::to_text(field.value);
    set(columns, differs ? "key." + field.name : field.name, std::move(field.value));
  }
  for (json::Member& field : values) set(columns, field.name, std::move(field.value));
  if (event) columns.add("(event)", event_name(*event));
  columns.add("(timestamp)", table::timestamp_text(row.timestamp_ms));
  columns.add("(partition-offset)", fmt::format("{}-{}", row.position.partition, row.position.offset));
  return columns;
}

}  // namespace omashu::cli
