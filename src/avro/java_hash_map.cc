#include "avro/java_hash_map.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "base/utf8.h"

namespace omashu::avro {

namespace {

constexpr size_t kMaxTableSize = size_t{1} << 30;

uint32_t step(uint32_t hash, uint32_t unit) { return hash * 31 + unit; }

// `character` is one whole UTF-8 character.
uint32_t code_point_of(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  if (character.size() == 1) return first;
  uint32_t code_point = first & (0x7fu >> character.size());
  for (const char next : character.substr(1)) code_point = code_point << 6 | (static_cast<unsigned char>(next) & 0x3f);
  return code_point;
}

}  // namespace

int32_t java_utf8_hash(std::string_view utf8) {
  uint32_t hash = 1;
  for (const char byte : utf8) hash = step(hash, static_cast<uint32_t>(static_cast<signed char>(byte)));
  return static_cast<int32_t>(hash);
}

int32_t java_string_hash(std::string_view utf8) {
  uint32_t hash = 0;
  while (!utf8.empty()) {
    const size_t length = std::max<size_t>(1, utf8_character_length(utf8));
    const uint32_t code_point = code_point_of(utf8.substr(0, length));
    if (code_point >= 0x10000) {
      hash = step(step(hash, 0xd7c0 + (code_point >> 10)), 0xdc00 + (code_point & 0x3ff));
    } else {
      hash = step(hash, code_point);
    }
    utf8.remove_prefix(length);
  }
  return static_cast<int32_t>(hash);
}

JavaHashMapOrder::JavaHashMapOrder(size_t initial_capacity)
    : table_size_(std::bit_ceil(std::clamp<size_t>(initial_capacity, 1, kMaxTableSize))) {}

size_t JavaHashMapOrder::insert(const std::string& key, int32_t hash) {
  const auto [place, is_new] = places_.emplace(key, places_.size());
  if (!is_new) return place->second;
  const auto bits = static_cast<uint32_t>(hash);
  spread_hashes_.push_back(bits ^ bits >> 16);
  if (4 * places_.size() > 3 * table_size_ && table_size_ < kMaxTableSize) table_size_ *= 2;  // load factor 0.75
  return place->second;
}

std::vector<size_t> JavaHashMapOrder::iteration() const {
  std::vector<size_t> places(spread_hashes_.size());
  std::iota(places.begin(), places.end(), size_t{0});
  std::ranges::stable_sort(places, {}, [this](size_t place) { return spread_hashes_[place] & (table_size_ - 1); });
  return places;
}

}  // namespace omashu::avro
