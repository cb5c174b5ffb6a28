#include "sink/postgres/names.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/digest.h"
#include "base/shown.h"
#include "base/utf8.h"

namespace omashu::sink::postgres {

namespace {

constexpr std::array<std::string_view, 6> kSystemColumns = {"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"};

void append_doubled(std::string& out, std::string_view text, char quote) {
  for (const char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
}

std::string_view whole_characters(std::string_view text, size_t max_bytes) {
  size_t size = std::min(text.size(), max_bytes);
  while (size > 0 && size < text.size() && (static_cast<uint8_t>(text[size]) & 0xc0) == 0x80) --size;
  return text.substr(0, size);
}

Result<TableName> refuse(std::string_view text, std::string_view why) {
  return fail(
      ErrorCode::kInvalidArgument,
      fmt::format("{} is no name of a table: {}; write TABLE or SCHEMA.TABLE, a part with a dot in it in double "
                  "quotes",
                  shown(text), why));
}

// The part that `text` begins with, taken off it; false where it is malformed.
bool take_part(std::string_view& text, std::string& part) {
  if (!text.starts_with('"')) {
    part = text.substr(0, text.find('.'));
    text.remove_prefix(part.size());
    return part.find('"') == std::string::npos;
  }
  text.remove_prefix(1);
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '"') {
      if (!text.starts_with('"')) return true;
      text.remove_prefix(1);
    }
    part += c;
  }
  return false;
}

}  // namespace

std::string quoted(std::string_view name) {
  std::string out = "\"";
  append_doubled(out, name, '"');
  return out += '"';
}

std::string quoted_text(std::string_view text) {
  // Only E'' means the same under every setting where there is a backslash.
  const bool has_backslash = text.find('\\') != std::string_view::npos;
  std::string out = has_backslash ? "E'" : "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += c;
    out += c;
  }
  return out += '\'';
}

std::string usable_name(std::string_view name) {
  if (name.size() > kMaxNameBytes) {
    const auto digest = sha256(name);
    std::string ending = "_";
    for (const uint8_t byte : std::span(digest).first<4>()) ending += fmt::format("{:02x}", byte);
    return std::string(whole_characters(name, kMaxNameBytes - ending.size())) + ending;
  }
  std::string usable(name);
  if (std::ranges::find(kSystemColumns, name) != kSystemColumns.end()) usable += '_';
  return usable;
}

Result<TableName> TableName::parse(std::string_view text) {
  if (!is_valid_utf8(text)) return refuse(text, "it is not UTF-8");
  if (text.find('\0') != std::string_view::npos) return refuse(text, "it holds a NUL");
  std::vector<std::string> parts;
  std::string_view rest = text;
  for (;;) {
    std::string part;
    if (!take_part(rest, part)) return refuse(text, "a double quote is without its other half");
    if (part.empty()) return refuse(text, "a part of it is empty");
    if (part.size() > kMaxNameBytes) {
      return refuse(text, fmt::format("PostgreSQL cuts names behind {} bytes", kMaxNameBytes));
    }
    parts.push_back(std::move(part));
    if (rest.empty()) break;
    if (rest.front() != '.') return refuse(text, "there is something behind the closing quote");
    rest.remove_prefix(1);
  }
  if (parts.size() > 2) return refuse(text, "it has more than two parts");
  if (parts.size() == 1) return TableName{.schema = "", .name = std::move(parts[0])};
  return TableName{.schema = std::move(parts[0]), .name = std::move(parts[1])};
}

std::string TableName::quoted() const { return quoted_sibling(name); }

std::string TableName::quoted_sibling(std::string_view other) const {
  return schema.empty() ? postgres::quoted(other) : postgres::quoted(schema) + "." + postgres::quoted(other);
}

}  // namespace omashu::sink::postgres
