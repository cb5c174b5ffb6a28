#include "cli/records/record_template.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "base/shown.h"

namespace omashu::cli {

namespace {

std::unexpected<Error> refuse(size_t at, std::string_view what) {
  return fail(ErrorCode::kInvalidArgument, fmt::format("column {}: {}", at + 1, what));
}

// What stands behind a backslash at `at`, which is moved to its last character.
Result<char> read_escape(std::string_view text, size_t& at) {
  const size_t start = at;
  if (++at == text.size()) return refuse(start, "a backslash at the end: write \\\\ for one");
  switch (text[at]) {
    case 'n': return '\n';
    case 't': return '\t';
    case 'r': return '\r';
    case '0': return '\0';
    case '\\': return '\\';
    case 'x': {
      const std::string_view digits = text.substr(at + 1, 2);
      unsigned byte = 0;
      const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
      if (error != std::errc() || stop != digits.data() + 2 || digits.size() < 2) {
        return refuse(start, "\\x needs two hexadecimal digits: \\x1f");
      }
      at += 2;
      return static_cast<char>(byte);
    }
    default: break;
  }
  return refuse(start,
                fmt::format("{} is not known: write \\n, \\t, \\r, \\0, \\\\ or \\xHH", shown(text.substr(start, 2))));
}

int64_t size_of(const std::optional<std::string>& payload) {
  return payload ? static_cast<int64_t>(payload->size()) : -1;
}

void append_headers(const std::vector<kafka::Header>& headers, std::string& out) {
  for (const kafka::Header& header : headers) {
    if (&header != &headers.front()) out += ',';
    out.append(header.name).append("=").append(header.value.value_or("NULL"));
  }
}

}  // namespace

std::optional<RecordTemplate::Field> RecordTemplate::field_of(char letter) {
  switch (letter) {
    case 't': return Field::kTopic;
    case 'p': return Field::kPartition;
    case 'o': return Field::kOffset;
    case 'k': return Field::kKey;
    case 's':
    case 'v': return Field::kValue;
    case 'K': return Field::kKeySize;
    case 'S': return Field::kValueSize;
    case 'T': return Field::kTimestamp;
    case 'h': return Field::kHeaders;
    default: return std::nullopt;
  }
}

void RecordTemplate::add_text(std::string_view text) {
  if (pieces_.empty() || pieces_.back().field != Field::kText) pieces_.emplace_back();
  pieces_.back().text += text;
}

Result<RecordTemplate> RecordTemplate::parse(std::string_view text) {
  RecordTemplate parsed;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      const auto escaped = read_escape(text, i);
      if (!escaped) return fail(escaped.error());
      parsed.add_text({&*escaped, 1});
    } else if (text[i] != '%') {
      parsed.add_text(text.substr(i, 1));
    } else if (i + 1 == text.size()) {
      return refuse(i, "a % at the end: write %% for one");
    } else if (text[i + 1] == '%') {
      parsed.add_text("%");
      ++i;
    } else if (const auto field = field_of(text[i + 1])) {
      parsed.pieces_.push_back({.field = *field, .text = ""});
      ++i;
    } else {
      return refuse(i, fmt::format("{} is not known: write %t topic, %p partition, %o offset, %T timestamp, %k key, %v "
                                   "value, %K and %S their sizes, %h headers, %%",
                                   shown(text.substr(i, 2))));
    }
  }
  return parsed;
}

bool RecordTemplate::has(Field field) const {
  return std::ranges::find(pieces_, field, &Piece::field) != pieces_.end();
}

void RecordTemplate::append(const kafka::Message& message, const std::optional<std::string>& key,
                            const std::optional<std::string>& value, std::string& out) const {
  for (const Piece& piece : pieces_) {
    switch (piece.field) {
      case Field::kText: out += piece.text; break;
      case Field::kTopic: out += message.topic; break;
      case Field::kPartition: out += fmt::format("{}", message.partition); break;
      case Field::kOffset: out += fmt::format("{}", message.offset); break;
      case Field::kKey: out += key.value_or(""); break;
      case Field::kValue: out += value.value_or(""); break;
      case Field::kKeySize: out += fmt::format("{}", size_of(message.key)); break;
      case Field::kValueSize: out += fmt::format("{}", size_of(message.value)); break;
      case Field::kTimestamp: out += fmt::format("{}", message.timestamp_ms); break;
      case Field::kHeaders: append_headers(message.headers, out); break;
    }
  }
}

}  // namespace omashu::cli
