#include "table/store/store_format.h"

#include <array>

#include "table/store/table_store.h"

namespace omashu::table {

namespace {

constexpr char kEscape = '\x00', kEscapedZero = '\xff', kEndOfValue = '\x01';

void append_escaped(std::string& out, std::string_view value) {
  for (const char c : value) {
    out += c;
    if (c == kEscape) out += kEscapedZero;
  }
}

std::string prefixed(char prefix, std::string_view rest) {
  std::string key;
  key.reserve(1 + rest.size());
  key += prefix;
  key += rest;
  return key;
}

std::string index_prefix(size_t index) { return {kIndexPrefix, static_cast<char>(index)}; }

// The least text that is behind all that begin with `prefix`; no prefix ends with ff.
std::string behind(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

}  // namespace

std::string row_key(std::string_view key) { return prefixed(kRowPrefix, key); }
std::string note_key(std::string_view name) { return prefixed(kNotePrefix, name); }

std::string next_offset_key(kafka::PartitionId partition) {
  const auto number = static_cast<uint32_t>(partition);
  std::string key(1, kNextOffsetPrefix);
  for (int shift = 24; shift >= 0; shift -= 8) key += static_cast<char>(number >> shift & 0xff);
  return key;
}

std::optional<kafka::PartitionId> parse_next_offset_key(std::string_view bytes) {
  if (bytes.size() != 5 || bytes[0] != kNextOffsetPrefix) return std::nullopt;
  uint32_t number = 0;
  for (const char c : bytes.substr(1)) number = number << 8 | static_cast<unsigned char>(c);
  return static_cast<kafka::PartitionId>(number);
}

std::string counter_key(size_t index, std::string_view value) {
  std::string key;
  key.reserve(2 + value.size());
  key += kCounterPrefix;
  key += static_cast<char>(index);
  key += value;
  return key;
}

void append_index_entry(std::string& out, size_t index, std::string_view value, std::string_view key) {
  out += kIndexPrefix;
  out += static_cast<char>(index);
  append_escaped(out, value);
  out += kEscape;
  out += kEndOfValue;
  out += key;
}

std::optional<IndexEntry> parse_index_entry(std::string_view bytes) {
  if (bytes.size() < 2 || bytes[0] != kIndexPrefix) return std::nullopt;
  IndexEntry entry;
  for (size_t at = 2; at < bytes.size(); ++at) {
    if (bytes[at] != kEscape) {
      entry.value += bytes[at];
      continue;
    }
    if (++at == bytes.size()) return std::nullopt;
    if (bytes[at] == kEndOfValue) {
      entry.key = bytes.substr(at + 1);
      return entry;
    }
    if (bytes[at] != kEscapedZero) return std::nullopt;
    entry.value += kEscape;
  }
  return std::nullopt;
}

std::string encode_counter(int64_t value) {
  std::string bytes(8, '\0');
  for (size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(static_cast<uint64_t>(value) >> (8 * i) & 0xff);
  return bytes;
}

std::optional<int64_t> decode_counter(std::string_view bytes) {
  if (bytes.size() != 8) return std::nullopt;
  uint64_t value = 0;
  for (size_t i = 0; i < 8; ++i) value |= uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return static_cast<int64_t>(value);
}

KeyBounds bounds_of(std::string_view prefix) {
  return {.from = std::string(prefix), .to = behind(std::string(prefix))};
}

KeyBounds row_bounds(const Range& keys) {
  return {.from = row_key(keys.from), .to = keys.to.empty() ? behind({kRowPrefix}) : row_key(keys.to)};
}

KeyBounds index_bounds(size_t index, const Range& values) {
  KeyBounds bounds{.from = index_prefix(index), .to = index_prefix(index)};
  append_escaped(bounds.from, values.from);
  append_escaped(bounds.to, values.to);
  if (values.to.empty()) bounds.to = behind(index_prefix(index));
  return bounds;
}

}  // namespace omashu::table
