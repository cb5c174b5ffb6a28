// Bytes written as a test can show them: "00 2f ff", with or without blanks.

#pragma once

#include <cassert>
#include <charconv>
#include <string>
#include <string_view>

namespace omashu::broker::testing {

inline std::string from_hex(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != ' ') digits.push_back(c);
  }
  std::string bytes;
  for (size_t i = 0; i + 1 < digits.size(); i += 2) {
    uint8_t byte = 0;
    [[maybe_unused]] const auto result = std::from_chars(&digits[i], &digits[i] + 2, byte, 16);
    assert(result.ptr == &digits[i] + 2);
    bytes.push_back(static_cast<char>(byte));
  }
  return bytes;
}

}  // namespace omashu::broker::testing
