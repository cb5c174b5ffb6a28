#include "cli/console/console_format.h"

#include <fmt/core.h>

#include <map>
#include <utility>
#include <variant>

#include "cli/console/java_boolean.h"

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

template <class Format>
Format format_of_java(const Members<Format>& members, const std::map<std::string, std::string>& properties) {
  Format format;
  for (const auto& [name, member] : members) {
    const auto found = properties.find(name);
    if (found == properties.end()) continue;
    if (const auto* text = std::get_if<std::string Format::*>(&member)) {
      format.*(*text) = found->second;
    } else {
      format.*std::get<bool Format::*>(member) = is_java_true(found->second);
    }
  }
  return format;
}

// The regular expression that stands for the text alone.
std::string literal(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (std::string_view(R"(\^$.|?*+()[]{})").contains(c)) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

std::unexpected<Error> refuse(std::string message) { return fail(ErrorCode::kInvalidArgument, std::move(message)); }

Result<void> check(const ConsoleInput& format) {
  const auto differ = [](std::string_view a, const std::optional<std::string>& x, std::string_view b,
                         const std::string& y) -> Result<void> {
    if (!x || *x != y) return {};
    return refuse(fmt::format("{} and {} must not be equal", a, b));
  };
  const std::string& headers = format.headers_separator;
  const std::string& header_key = format.headers_key_separator;
  for (auto checked : {differ("headers.delimiter", format.headers_delimiter, "headers.separator", headers),
                       differ("headers.delimiter", format.headers_delimiter, "headers.key.separator", header_key),
                       differ("headers.separator", headers, "headers.key.separator", header_key),
                       differ("null.marker", format.null_marker, "key.separator", format.key_separator),
                       differ("null.marker", format.null_marker, "headers.separator", headers),
                       differ("null.marker", format.null_marker, "headers.delimiter", format.headers_delimiter),
                       differ("null.marker", format.null_marker, "headers.key.separator", header_key)}) {
    if (!checked) return checked;
  }
  return {};
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

ConsoleInput ConsoleInput::of_java(const std::map<std::string, std::string>& properties) {
  auto format = format_of_java(input_members(), properties);
  format.has_pattern = true;
  if (const auto marker = properties.find("null.marker"); marker != properties.end()) {
    format.null_marker = marker->second;
  }
  return format;
}

Result<ConsoleLineReader> ConsoleLineReader::open(ConsoleInput format) {
  if (auto checked = check(format); !checked) return fail(std::move(checked.error()));
  auto headers_separator =
      JavaPattern::compile(format.has_pattern ? format.headers_separator : literal(format.headers_separator));
  if (!headers_separator) return fail(std::move(headers_separator.error()).within("headers.separator"));
  return ConsoleLineReader(std::move(format), *std::move(headers_separator));
}

// Takes what stands before the separator off `rest`. Nothing where it is not expected, or not there and that is
// ignored.
Result<std::optional<std::string_view>> ConsoleLineReader::take_before(bool is_expected, std::string_view& rest,
                                                                       std::string_view separator,
                                                                       std::string_view name) const {
  if (!is_expected) return std::nullopt;
  const size_t at = rest.find(separator);
  if (at == std::string_view::npos) {
    if (format_.ignore_error) return std::nullopt;
    return refuse(fmt::format("no {} in the line{}", name, separator == "\t" ? ", which is a tab" : ""));
  }
  const std::string_view before = rest.substr(0, at);
  rest.remove_prefix(at + separator.size());
  return before;
}

std::optional<std::string> ConsoleLineReader::text_or_null(std::string_view text) const {
  if (is_null(text)) return std::nullopt;
  return std::string(text);
}

Result<ConsoleRecord> ConsoleLineReader::read(std::string_view line) const {
  ConsoleRecord record;
  const auto headers = take_before(format_.parse_headers, line, format_.headers_delimiter, "headers.delimiter");
  if (!headers) return fail(headers.error());
  if (*headers && !is_null(**headers)) {
    auto parsed = read_headers(**headers);
    if (!parsed) return fail(std::move(parsed.error()));
    record.headers = *std::move(parsed);
  }
  const auto key = take_before(format_.parse_key, line, format_.key_separator, "key.separator");
  if (!key) return fail(key.error());
  if (*key) record.key = text_or_null(**key);
  record.value = text_or_null(line);
  return record;
}

Result<std::vector<kafka::Header>> ConsoleLineReader::read_headers(std::string_view text) const {
  std::vector<kafka::Header> headers;
  for (const std::string& pair : headers_separator_.split(std::string(text))) {
    const size_t at = pair.find(format_.headers_key_separator);
    if (at == std::string::npos) {
      if (!format_.ignore_error) {
        return refuse(
            fmt::format("no headers.key.separator ({}) in the header '{}'", format_.headers_key_separator, pair));
      }
      headers.push_back({.name = pair, .value = std::nullopt});
      continue;
    }
    const std::string_view value = std::string_view(pair).substr(at + format_.headers_key_separator.size());
    kafka::Header header{.name = pair.substr(0, at), .value = text_or_null(value)};
    if (is_null(header.name)) return refuse(fmt::format("the header's name '{}' is the null marker", header.name));
    headers.push_back(std::move(header));
  }
  return headers;
}

ConsoleOutput ConsoleOutput::of_java(const std::map<std::string, std::string>& properties) {
  return format_of_java(output_members(), properties);
}

Result<bool> ConsoleOutput::set(const std::string& name, const std::string& value) {
  return set_member(output_members(), *this, name, value);
}

const std::vector<std::string>& ConsoleOutput::names() {
  static const std::vector<std::string> kNames = names_of(output_members());
  return kNames;
}

void append_console_record(const ConsoleOutput& format, const kafka::Message& message,
                           const std::function<std::optional<std::string>(const kafka::Header&)>& header_text,
                           const ConsolePart& key, const ConsolePart& value, std::string& out) {
  bool is_first = true;
  const auto begin_part = [&] {
    if (!std::exchange(is_first, false)) out += format.key_separator;
  };
  const auto add = [&](const ConsolePart& part) {
    begin_part();
    out += part.text ? *part.text : format.null_literal;
    if (format.print_schema_ids && !part.schema_id.empty())
      out.append(format.schema_id_separator).append(part.schema_id);
  };
  if (format.print_timestamp) {
    begin_part();
    const char* type = message.is_log_append_time ? "LogAppendTime" : "CreateTime";
    out += message.timestamp_ms < 0 ? "NO_TIMESTAMP" : fmt::format("{}:{}", type, message.timestamp_ms);
  }
  if (format.print_partition) {
    begin_part();
    out += fmt::format("Partition:{}", message.partition);
  }
  if (format.print_offset) {
    begin_part();
    out += fmt::format("Offset:{}", message.offset);
  }
  if (format.print_headers) {
    begin_part();
    if (message.headers.empty()) out += "NO_HEADERS";
    for (size_t i = 0; i < message.headers.size(); ++i) {
      if (i > 0) out += format.headers_separator;
      out.append(message.headers[i].name).append(":");
      out += header_text(message.headers[i]).value_or(format.null_literal);
    }
  }
  if (format.print_key) add(key);
  if (format.print_value) add(value);
  out += format.line_separator;
}

}  // namespace omashu::cli
