// SHA-256 (FIPS 180-4), for fingerprints of schemas: a few hundred bytes each, so plain code is enough, and the rooms
// that only need a fingerprint stay free of a cryptographic library.

#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace omashu {

std::array<uint8_t, 32> sha256(std::string_view bytes);

}  // namespace omashu
