#include "cli/console/console_text.h"

#include "avro/logical_text.h"
#include "base/json.h"
#include "base/utf8.h"

namespace omashu::cli {

namespace {

using serde::PayloadFormat;

constexpr std::string_view kBase64 = R"({"base64":)";

bool contains(std::string_view text, std::string_view piece) {
  return !piece.empty() && text.find(piece) != std::string_view::npos;
}

bool comes_back(std::string_view payload, const ConsoleOutput& console) {
  return payload.find('\0') == std::string_view::npos && is_valid_utf8(payload) && !contains(payload, "\n") &&
         !payload.ends_with('\r') && !contains(payload, console.key_separator) &&
         !contains(payload, console.line_separator) && payload != console.null_literal && !payload.starts_with(kBase64);
}

}  // namespace

std::optional<std::string> console_text(std::string_view payload, PayloadFormat format, const ConsoleOutput& console) {
  switch (format) {
    case PayloadFormat::kString: return std::string(payload);
    case PayloadFormat::kUuid:
      if (avro::parse_uuid(payload)) return std::string(payload);
      return std::nullopt;
    case PayloadFormat::kAuto:
    case PayloadFormat::kBytes: {
      if (comes_back(payload, console)) return std::string(payload);
      std::string json;
      (void)serde::append_payload_json(payload, PayloadFormat::kBytes, json);
      return json;
    }
    default: return std::nullopt;
  }
}

Result<std::string> payload_of_console_text(std::string_view text, PayloadFormat format) {
  const bool is_base64 = text.starts_with(kBase64) && format != PayloadFormat::kString;
  const bool is_text = format == PayloadFormat::kString || format == PayloadFormat::kAuto ||
                       format == PayloadFormat::kBytes || format == PayloadFormat::kUuid;
  if (is_base64 || !is_text) return serde::payload_of_json(text, format);
  std::string quoted;
  json::append_quoted(quoted, text);
  if (format == PayloadFormat::kUuid) return serde::payload_of_json(quoted, format);
  return std::string(text);
}

}  // namespace omashu::cli
