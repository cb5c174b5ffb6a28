#include "base/shown_utf8.h"

#include <algorithm>

#include "base/utf8.h"

namespace omashu {

std::string as_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t length = utf8_character_length(text);
    length == 0 ? out.append("\uFFFD") : out.append(text.substr(0, length));
    text.remove_prefix(std::max<size_t>(length, 1));
  }
  return out;
}

}  // namespace omashu
