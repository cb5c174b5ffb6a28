// Booleans as Confluent's and Kafka's console tools read them: anything but "true" is false.

#pragma once

#include <algorithm>
#include <string_view>

namespace omashu::cli {

inline bool is_java_true(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return false;
  text = text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
  return std::ranges::equal(text, std::string_view("true"), {}, [](char c) { return static_cast<char>(c | 0x20); });
}

}  // namespace omashu::cli
