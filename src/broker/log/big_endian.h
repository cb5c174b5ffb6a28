// Integers as Kafka's files and messages hold them: big-endian, unaligned.

#pragma once

#include <bit>
#include <concepts>
#include <cstring>

namespace omashu::broker {

template <std::integral Int>
Int load_big_endian(const char* from) {
  static_assert(std::endian::native == std::endian::little);
  Int value;
  std::memcpy(&value, from, sizeof value);
  return std::byteswap(value);
}

template <std::integral Int>
void store_big_endian(char* to, Int value) {
  value = std::byteswap(value);
  std::memcpy(to, &value, sizeof value);
}

}  // namespace omashu::broker
