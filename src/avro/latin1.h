// Avro's JSON writes bytes as a string of the code points 0 to 255 (ISO 8859-1).

#pragma once

#include <string>
#include <string_view>

namespace omashu::avro {

// Appends the bytes that a UTF-8 text of such code points stands for. False, and nothing appended, where it has
// another code point.
inline bool append_latin1(std::string& out, std::string_view utf8) {
  const size_t start = out.size();
  for (size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    if (byte < 0x80) {
      out += utf8[i];
      continue;
    }
    if ((byte != 0xc2 && byte != 0xc3) || i + 1 == utf8.size()) {
      out.resize(start);
      return false;
    }
    out += static_cast<char>((byte << 6) | (static_cast<unsigned char>(utf8[++i]) & 0x3f));
  }
  return true;
}

}  // namespace omashu::avro
