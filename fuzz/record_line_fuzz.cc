// Lines of records, and payloads without a schema. The input is taken as a line, and as a payload: what a payload is
// printed as, in any format and in both kinds of line, must give the same bytes.

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "cli/console/console_text.h"
#include "cli/records/record_json.h"
#include "serde/payload_format.h"

using namespace omashu;
using namespace omashu::cli;
using serde::PayloadFormat;

namespace {

void require(bool condition, const char* what, std::string_view text) {
  if (condition) return;
  std::fprintf(stderr, "%s: %.*s\n", what, static_cast<int>(text.size()), text.data());
  std::abort();
}

std::string line_of(const std::string& value) {
  std::string line;
  append_record(line, kafka::Message{}, std::nullopt, value, false);
  return line;
}

void check_line(std::string_view text) {
  const auto record = parse_record(text);
  if (!record || !record->value) return;
  for (const std::string& name : serde::payload_format_names()) {
    (void)serde::payload_of_json(record->value->json, *serde::parse_payload_format(name));
  }
  const auto again = parse_record(line_of(line_datum(record->value->json, "avro")));
  require(again && again->value && again->value->json == record->value->json, "a datum changes in a line", text);
}

void check_payload(std::string_view payload, PayloadFormat format) {
  std::string json;
  if (!serde::append_payload_json(payload, format, json)) {
    require(json.empty(), "a failure left something", json);
    return;
  }
  const auto record = parse_record(line_of(json));
  require(record.has_value(), "no line", json);
  // A null of JSON is named by whoever prints the line.
  if (!record->value) return require(format == PayloadFormat::kJson && json == "null", "a payload is lost", json);
  const auto back = serde::payload_of_json(record->value->json, format);
  require(back.has_value(), "its own JSON is refused", json);
  // White space and escapes of JSON are not kept.
  require(format == PayloadFormat::kJson || *back == payload, "the payload changes", json);

  const auto text = console_text(payload, format, ConsoleOutput());
  const bool is_raw = format == PayloadFormat::kString;
  if (!text || is_raw) return;
  require(text->find('\n') == std::string::npos, "a payload is more than one line", *text);
  require(payload_of_console_text(*text, format) == payload, "the payload changes in a console's line", *text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  check_line(input);
  for (const std::string& name : serde::payload_format_names()) {
    const PayloadFormat format = *serde::parse_payload_format(name);
    if (format != PayloadFormat::kAvro) check_payload(input, format);
  }
  return 0;
}
