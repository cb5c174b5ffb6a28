#include "broker/group/member_id.h"

#include <fmt/core.h>

namespace omashu::broker {

std::string make_member_id(std::string_view prefix, const std::function<uint32_t()>& random) {
  const uint32_t a = random();
  const uint32_t b = (random() & 0xffff0fff) | 0x00004000;  // RFC 9562: version 4
  const uint32_t c = (random() & 0x3fffffff) | 0x80000000;  // its variant
  const uint32_t d = random();
  return fmt::format("{}-{:08x}-{:04x}-{:04x}-{:04x}-{:04x}{:08x}", prefix, a, b >> 16, b & 0xffff, c >> 16, c & 0xffff,
                     d);
}

}  // namespace omashu::broker
