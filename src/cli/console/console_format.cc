#include "cli/console/console_format.h"

#include <fmt/core.h>

#include <map>
#include <variant>

namespace omashu::cli {

namespace {

// `\t`, `\n`, `\r`, `\0` and `\\` as a command line has to spell them; anything else stands for itself.
std::string unescaped(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const char next = text[i] == '\\' && i + 1 < text.size() ? text[i + 1] : '\0';
    switch (next) {
      case 't': out += '\t'; break;
      case 'n': out += '\n'; break;
      case 'r': out += '\r'; break;
      case '\\': out += '\\'; break;
      default: out += text[i]; continue;
    }
    ++i;
  }
  return out;
}

template <class Format>
using Members = std::map<std::string, std::variant<bool Format::*, std::string Format::*>>;

template <class Format>
Result<bool> set_member(const Members<Format>& members, Format& format, const std::string& name,
                        const std::string& value) {
  const auto found = members.find(name);
  if (found == members.end()) return false;
  if (const auto* text = std::get_if<std::string Format::*>(&found->second)) {
    format.*(*text) = unescaped(value);
    return true;
  }
  if (value != "true" && value != "false") {
    return fail(ErrorCode::kInvalidArgument, fmt::format("{}: '{}' is neither true nor false", name, value));
  }
  format.*std::get<bool Format::*>(found->second) = value == "true";
  return true;
}

template <class Format>
std::vector<std::string> names_of(const Members<Format>& members) {
  std::vector<std::string> names;
  for (const auto& [name, member] : members) names.push_back(name);
  return names;
}

const Members<ConsoleInput>& input_members() {
  static const Members<ConsoleInput> kMembers = {
      {"parse.key", &ConsoleInput::parse_key},
      {"key.separator", &ConsoleInput::key_separator},
      {"parse.headers", &ConsoleInput::parse_headers},
      {"headers.delimiter", &ConsoleInput::headers_delimiter},
      {"headers.separator", &ConsoleInput::headers_separator},
      {"headers.key.separator", &ConsoleInput::headers_key_separator},
      {"ignore.error", &ConsoleInput::ignore_error},
  };
  return kMembers;
}

const Members<ConsoleOutput>& output_members() {
  static const Members<ConsoleOutput> kMembers = {
      {"print.timestamp", &ConsoleOutput::print_timestamp},
      {"print.partition", &ConsoleOutput::print_partition},
      {"print.offset", &ConsoleOutput::print_offset},
      {"print.headers", &ConsoleOutput::print_headers},
      {"print.key", &ConsoleOutput::print_key},
      {"print.value", &ConsoleOutput::print_value},
      {"print.schema.ids", &ConsoleOutput::print_schema_ids},
      {"key.separator", &ConsoleOutput::key_separator},
      {"line.separator", &ConsoleOutput::line_separator},
      {"headers.separator", &ConsoleOutput::headers_separator},
      {"schema.id.separator", &ConsoleOutput::schema_id_separator},
      {"null.literal", &ConsoleOutput::null_literal},
  };
  return kMembers;
}

// Takes what stands before `separator` off `rest`.
std::optional<std::string_view> take_before(std::string_view& rest, const std::string& separator) {
  const size_t at = separator.empty() ? std::string_view::npos : rest.find(separator);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view before = rest.substr(0, at);
  rest.remove_prefix(at + separator.size());
  return before;
}

std::optional<std::string> text_or_null(const ConsoleInput& format, std::string_view text) {
  if (format.null_marker && text == *format.null_marker) return std::nullopt;
  return std::string(text);
}

Result<std::vector<kafka::Header>> parse_headers(const ConsoleInput& format, std::string_view text) {
  std::vector<kafka::Header> headers;
  if (text.empty()) return headers;
  for (bool is_last = false; !is_last;) {
    const auto before = take_before(text, format.headers_separator);
    is_last = !before;
    std::string_view value = before.value_or(text);
    const auto name = take_before(value, format.headers_key_separator);
    if (!name) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("a header has no '{}' between name and value", format.headers_key_separator));
    }
    headers.push_back({.name = std::string(*name), .value = text_or_null(format, value)});
  }
  return headers;
}

}  // namespace

Result<bool> ConsoleInput::set(const std::string& name, const std::string& value) {
  if (name == "null.marker") {
    null_marker = value;
    return true;
  }
  return set_member(input_members(), *this, name, value);
}

const std::vector<std::string>& ConsoleInput::names() {
  static const std::vector<std::string> kNames = [] {
    auto names = names_of(input_members());
    names.emplace_back("null.marker");
    return names;
  }();
  return kNames;
}

Result<ConsoleRecord> parse_console_record(const ConsoleInput& format, std::string_view line) {
  ConsoleRecord record;
  if (format.parse_headers) {
    const auto before = take_before(line, format.headers_delimiter);
    if (!before && !format.ignore_error) {
      return fail(ErrorCode::kInvalidArgument, "no headers.delimiter in the line: is it headers<TAB>value?");
    }
    if (before && !(format.null_marker && *before == *format.null_marker)) {
      auto headers = parse_headers(format, *before);
      if (!headers) return fail(std::move(headers.error()));
      record.headers = *std::move(headers);
    }
  }
  if (format.parse_key) {
    const auto before = take_before(line, format.key_separator);
    if (!before && !format.ignore_error) {
      return fail(ErrorCode::kInvalidArgument, "no key.separator in the line: is it key<TAB>value?");
    }
    if (before) record.key = text_or_null(format, *before);
  }
  record.value = text_or_null(format, line);
  return record;
}

Result<bool> ConsoleOutput::set(const std::string& name, const std::string& value) {
  return set_member(output_members(), *this, name, value);
}

const std::vector<std::string>& ConsoleOutput::names() {
  static const std::vector<std::string> kNames = names_of(output_members());
  return kNames;
}

void append_console_record(const ConsoleOutput& format, const kafka::Message& message, const ConsolePart& key,
                           const ConsolePart& value, std::string& out) {
  std::vector<std::string> parts;
  if (format.print_timestamp) {
    parts.push_back(
        message.timestamp_ms < 0
            ? "NO_TIMESTAMP"
            : fmt::format("{}:{}", message.is_log_append_time ? "LogAppendTime" : "CreateTime", message.timestamp_ms));
  }
  if (format.print_partition) parts.push_back(fmt::format("Partition:{}", message.partition));
  if (format.print_offset) parts.push_back(fmt::format("Offset:{}", message.offset));
  if (format.print_headers) {
    std::string headers;
    for (const kafka::Header& header : message.headers) {
      if (!headers.empty()) headers += format.headers_separator;
      headers += header.name + ":" + header.value.value_or(format.null_literal);
    }
    parts.push_back(headers.empty() ? "NO_HEADERS" : headers);
  }
  const auto add = [&](const ConsolePart& part) {
    std::string text = part.text.value_or(format.null_literal);
    if (format.print_schema_ids && !part.schema_id.empty()) text += format.schema_id_separator + part.schema_id;
    parts.push_back(std::move(text));
  };
  if (format.print_key) add(key);
  if (format.print_value) add(value);
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += format.key_separator;
    out += parts[i];
  }
  out += format.line_separator;
}

}  // namespace omashu::cli
