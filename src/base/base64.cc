#include "base/base64.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstdint>

namespace omashu {

namespace {

// OpenSSL counts in int, so long texts are worked on in pieces: of whole groups, three bytes or four characters each.
constexpr size_t kGroupsAtOnce = 1 << 20;

bool is_in_alphabet(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}

const unsigned char* unsigned_data(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '\0');
  auto* out = reinterpret_cast<unsigned char*>(text.data());
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, 3 * kGroupsAtOnce);
    out += EVP_EncodeBlock(out, unsigned_data(piece), static_cast<int>(piece.size()));  // and a zero byte behind it
    bytes.remove_prefix(piece.size());
  }
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  // EVP_DecodeBlock() lets blanks and padding in other places pass.
  if (text.size() % 4 == 1 || !std::ranges::all_of(text, is_in_alphabet)) return std::nullopt;
  std::string padded(text);
  padded.append((4 - text.size() % 4) % 4, '=');
  std::string bytes(padded.size() / 4 * 3, '\0');
  auto* out = reinterpret_cast<unsigned char*>(bytes.data());
  for (std::string_view rest = padded; !rest.empty();) {
    const std::string_view piece = rest.substr(0, 4 * kGroupsAtOnce);
    const int count = EVP_DecodeBlock(out, unsigned_data(piece), static_cast<int>(piece.size()));
    if (count < 0) return std::nullopt;
    out += count;
    rest.remove_prefix(piece.size());
  }
  bytes.resize(text.size() * 3 / 4);
  return bytes;
}

}  // namespace omashu
