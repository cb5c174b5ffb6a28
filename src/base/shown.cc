#include "base/shown.h"

#include <fmt/core.h>

#include "base/utf8.h"

namespace omashu {

std::string shown(std::string_view text) {
  constexpr size_t kMaxBytes = 80;
  std::string out = "'";
  while (!text.empty()) {
    if (out.size() > kMaxBytes) {
      out += "…";
      break;
    }
    const size_t length = utf8_character_length(text);
    const auto first = static_cast<unsigned char>(text.front());
    if (length == 0 || first < 0x20 || first == 0x7f) {
      out += fmt::format("\\x{:02x}", first);
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out + "'";
}

}  // namespace omashu
