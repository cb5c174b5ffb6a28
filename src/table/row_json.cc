#include "table/row_json.h"

#include <fmt/core.h>

#include <iterator>

#include "avro/logical_text.h"

namespace omashu::table {

void append_timestamp(std::string& out, int64_t timestamp_ms) {
  char text[avro::kMaxLogicalText];
  const char* end = avro::write_timestamp(text, timestamp_ms, avro::TimeUnit::kMillis, false);
  if (end == nullptr) {
    out += fmt::format("{}", timestamp_ms);
  } else {
    out.append(text, static_cast<size_t>(end - text));
  }
}

std::string timestamp_text(int64_t timestamp_ms) {
  std::string text;
  if (timestamp_ms >= 0) append_timestamp(text, timestamp_ms);
  return text;
}

void append_row(std::string& out, const Row& row, std::optional<Event> event) {
  const std::string timestamp = timestamp_text(row.timestamp_ms);
  out += fmt::format(R"({{"key":{},"value":{},"partition":{},"offset":{},"timestamp":)", row.key,
                     row.value.value_or("null"), row.position.partition, row.position.offset);
  out += timestamp.empty() ? "null" : "\"" + timestamp + "\"";
  if (event) out.append(",\"event\":\"").append(event_name(*event)).append("\"");
  out += '}';
}

}  // namespace omashu::table
