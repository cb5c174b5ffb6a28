// Finds a name among those of a record's fields or an enum's symbols in a time that does not grow with their number.

#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace omashu::avro {

class NameTable {
 public:
  static constexpr size_t kNotFound = SIZE_MAX;

  NameTable() = default;
  // The names must outlive the table, and be different from each other.
  explicit NameTable(std::vector<std::string_view> names) : names_(std::move(names)) {
    const size_t size = std::bit_ceil(2 * names_.size() + 1);
    mask_ = size - 1;
    places_.assign(size, kFree);
    for (size_t i = 0; i < names_.size(); ++i) {
      size_t place = hash(names_[i]) & mask_;
      while (places_[place] != kFree) place = (place + 1) & mask_;
      places_[place] = static_cast<uint32_t>(i);
    }
  }

  size_t find(std::string_view name) const {
    if (places_.empty()) return kNotFound;
    for (size_t place = hash(name) & mask_;; place = (place + 1) & mask_) {
      if (places_[place] == kFree) return kNotFound;
      if (names_[places_[place]] == name) return places_[place];
    }
  }

 private:
  static constexpr uint32_t kFree = UINT32_MAX;

  template <class Word>
  static uint64_t load(const char* from) {
    Word word;
    std::memcpy(&word, from, sizeof word);
    return word;
  }

  // Of the first and last eight bytes and the size. Names that differ elsewhere alone make a look-up longer, not wrong.
  static uint64_t hash(std::string_view name) {
    const char* const first = name.data();
    const size_t size = name.size();
    uint64_t head = 0;
    uint64_t tail = 0;
    if (size >= 8) {
      head = load<uint64_t>(first);
      tail = load<uint64_t>(first + size - 8);
    } else if (size >= 4) {
      head = load<uint32_t>(first);
      tail = load<uint32_t>(first + size - 4);
    } else if (size > 0) {
      head = load<uint8_t>(first) | load<uint8_t>(first + size / 2) << 8 | load<uint8_t>(first + size - 1) << 16;
    }
    const uint64_t mixed = (head ^ std::rotl(tail, 29) ^ size) * 0x9e3779b97f4a7c15u;
    return mixed >> 32;
  }

  std::vector<std::string_view> names_;
  std::vector<uint32_t> places_;  // an index of names_, or kFree
  size_t mask_ = 0;
};

}  // namespace omashu::avro
