// MD5 (RFC 1321), for names of contents that others have chosen to make with it: Confluent's schema GUIDs. It protects
// nothing.

#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace omashu {

std::array<uint8_t, 16> md5(std::string_view bytes);

}  // namespace omashu
