// A WebSocket's frame as a client sends it, and what a server sends as a client reads it.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace omashu::http::testing {

// `first` is the first byte: whether it is the last frame of a message, and its kind.
inline std::string client_frame(uint8_t first, std::string_view payload) {
  constexpr std::string_view kMask = "\x12\x34\x56\x78";
  std::string out(1, static_cast<char>(first));
  const auto append_length = [&out](uint64_t length, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>(length >> shift);
  };
  if (payload.size() < 126) {
    append_length(0x80 | payload.size(), 1);
  } else if (payload.size() < 65'536) {
    append_length(0xfe, 1);
    append_length(payload.size(), 2);
  } else {
    append_length(0xff, 1);
    append_length(payload.size(), 8);
  }
  out += kMask;
  for (size_t i = 0; i < payload.size(); ++i) out += static_cast<char>(payload[i] ^ kMask[i % 4]);
  return out;
}

}  // namespace omashu::http::testing
