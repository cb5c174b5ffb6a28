#include "cli/row_columns.h"

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
void set_fields(json::Value& columns, std::string_view text, const std::string& name) {
  auto parsed = json::parse(text);
  if (parsed && parsed->is_object()) {
    for (json::Member& member : parsed->members()) set(columns, member.name, std::move(member.value));
  } else {
    set(columns, name, parsed ? *std::move(parsed) : json::Value(text));
  }
}

}  // namespace

json::Value row_columns(const table::Row& row, std::optional<table::Event> event) {
  json::Value columns = json::Value::object();
  set_fields(columns, row.key, "key");
  if (row.value) set_fields(columns, *row.value, "value");
  if (event) columns.add("(event)", event_name(*event));
  columns.add("(timestamp)", table::timestamp_text(row.timestamp_ms));
  columns.add("(partition-offset)", fmt::format("{}-{}", row.position.partition, row.position.offset));
  return columns;
}

}  // namespace omashu::cli
