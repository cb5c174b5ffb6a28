// The bytes of a store's keys, and of those values that are the store's own (docs/table-store.md has the picture).
//
// The first byte of a key says what it is. An index entry has the value in a form that ends itself and keeps the order
// of bytes, so that entries lie in the order of values, and of keys where those are equal:
//
//   'i' index:u8 escaped(value) 00 01 key
//
// where escaped() writes each byte 00 as 00 ff.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "kafka/types.h"

namespace omashu::table {

struct Range;

constexpr int kStoreFormatVersion = 1;
constexpr size_t kMaxStoreIndexes = 200;

constexpr char kCounterPrefix = 'c';     // 'c' index:u8 value → i64, little-endian: rows that have the value
constexpr char kIndexPrefix = 'i';       // → nothing
constexpr char kMetaPrefix = 'm';        // 'm' name
constexpr char kNotePrefix = 'n';        // 'n' name → what was noted
constexpr char kNextOffsetPrefix = 'p';  // 'p' partition:u32, big-endian → i64, little-endian
constexpr char kRowPrefix = 'r';         // 'r' key → the row

constexpr std::string_view kIdentityKey = "midentity";  // → JSON, with the format's version
constexpr std::string_view kLiveRowsKey = "mlive";      // → i64, little-endian

std::string row_key(std::string_view key);
std::string note_key(std::string_view name);
std::string next_offset_key(kafka::PartitionId partition);
std::string counter_key(size_t index, std::string_view value);
void append_index_entry(std::string& out, size_t index, std::string_view value, std::string_view key);

std::string encode_counter(int64_t value);
std::optional<int64_t> decode_counter(std::string_view bytes);

// Nothing where the bytes are no such key.
std::optional<kafka::PartitionId> parse_next_offset_key(std::string_view bytes);
struct IndexEntry {
  std::string value;
  std::string_view key;
};
std::optional<IndexEntry> parse_index_entry(std::string_view bytes);

// The keys of a range: from the first on and before the second.
struct KeyBounds {
  std::string from, to;
};
KeyBounds bounds_of(std::string_view prefix);  // of all keys that begin so
KeyBounds row_bounds(const Range& keys);
KeyBounds index_bounds(size_t index, const Range& values);

}  // namespace omashu::table
