// Copies a few bytes without the call that memcpy is where the size is not known: most strings are short.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace omashu::avro {

// Reads and writes the given bytes only. Returns the end of what was written.
inline char* copy_bytes(char* to, const char* from, size_t size) {
  struct Block {
    uint64_t words[2];
  };
  const auto copy = [&](size_t at, auto word) __attribute__((always_inline)) {
    std::memcpy(&word, from + at, sizeof word);
    std::memcpy(to + at, &word, sizeof word);
  };
  constexpr size_t kFew = 128;
  if (size > kFew) {
    std::memcpy(to, from, size);
  } else if (size >= sizeof(Block)) {
    // The last block may overlap the one before it.
    for (size_t at = 0; at + sizeof(Block) < size; at += sizeof(Block)) copy(at, Block{});
    copy(size - sizeof(Block), Block{});
  } else if (size >= 8) {
    copy(0, uint64_t{});
    copy(size - 8, uint64_t{});
  } else if (size >= 4) {
    copy(0, uint32_t{});
    copy(size - 4, uint32_t{});
  } else if (size > 0) {
    to[0] = from[0];
    to[size / 2] = from[size / 2];
    to[size - 1] = from[size - 1];
  }
  return to + size;
}

}  // namespace omashu::avro
