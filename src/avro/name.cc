#include "avro/name.h"

#include <algorithm>
#include <array>

namespace omashu::avro {

namespace {

bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool continues_name(char c) { return starts_name(c) || (c >= '0' && c <= '9'); }

}  // namespace

bool is_name(std::string_view text) {
  return !text.empty() && starts_name(text.front()) && std::ranges::all_of(text, continues_name);
}

bool is_dotted_name(std::string_view text) {
  for (;;) {
    const size_t dot = text.find('.');
    if (!is_name(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

std::string qualify(std::string_view name, std::string_view name_space) {
  if (name_space.empty() || name.find('.') != std::string_view::npos) return std::string(name);
  std::string full(name_space);
  full += '.';
  full += name;
  return full;
}

bool is_complex_type_word(std::string_view name) {
  constexpr std::array<std::string_view, 6> kWords = {"record", "error", "enum", "fixed", "array", "map"};
  return std::ranges::find(kWords, name) != kWords.end();
}

}  // namespace omashu::avro
