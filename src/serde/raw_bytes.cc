#include "serde/raw_bytes.h"

namespace omashu::serde {

std::string with_length(std::string_view raw) {
  std::string out;
  out.reserve(raw.size() + 10);
  for (uint64_t zigzag = uint64_t{raw.size()} << 1;; zigzag >>= 7) {
    if (zigzag < 0x80) {
      out += static_cast<char>(zigzag);
      break;
    }
    out += static_cast<char>((zigzag & 0x7F) | 0x80);
  }
  out += raw;
  return out;
}

void remove_length(std::string& out, size_t position) {
  size_t end = position;
  while (end < out.size() && (static_cast<unsigned char>(out[end]) & 0x80) != 0) ++end;
  out.erase(position, end + 1 - position);
}

}  // namespace omashu::serde
