#include "service/row_text.h"

#include <charconv>

#include "base/json.h"
#include "table/row_json.h"

namespace omashu::service {

namespace {

void append_number(std::string& out, int64_t number) {
  char digits[20];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void append_position(std::string& out, std::string_view topic, const table::Position& position) {
  out += topic;
  out += '-';
  append_number(out, position.partition);
  out += '-';
  append_number(out, position.offset);
}

}  // namespace

void append_row(std::string& out, std::string_view topic, const table::LiveRow& row, std::string_view value) {
  out.append(R"({"key":)").append(row.key).append(R"(,"value":)").append(value).append(R"(,"position":")");
  append_position(out, topic, row.position);
  if (row.timestamp_ms < 0) {
    out += R"(","timestamp":null})";
    return;
  }
  out += R"(","timestamp":")";
  table::append_timestamp(out, row.timestamp_ms);
  out += "\"}";
}

void append_unreadable_row(std::string& out, std::string_view topic, const table::LiveRow& row,
                           std::string_view problem) {
  append_row(out, topic, row, "null");
  out.back() = ',';
  out += R"("problem":)";
  json::append_quoted(out, problem);
  out += '}';
}

Result<void> append_row(std::string& out, std::string_view topic, table::TypedTopic& typed, const table::LiveRow& row) {
  if (!row.value) {
    append_row(out, topic, row, "null");
    return {};
  }
  const auto value = typed.row_value(row.view());
  if (!value) return fail(value.error());
  append_row(out, topic, row, value->text);
  return {};
}

}  // namespace omashu::service
