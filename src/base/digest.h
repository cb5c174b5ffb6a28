// Digests of contents, by OpenSSL. Thread-safe.

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "omashu/result.h"

namespace omashu {

// RFC 1321. It protects nothing: others have chosen it to name contents (Confluent's schema GUIDs).
std::array<uint8_t, 16> md5(std::string_view bytes);

// FIPS 180-4.
// RFC 3174. It protects nothing: WebSockets answer their handshake with it.
std::array<uint8_t, 20> sha1(std::string_view bytes);

std::array<uint8_t, 32> sha256(std::string_view bytes);

// Of a file's bytes.
Result<std::array<uint8_t, 32>> sha256_of_file(const std::string& path);

// RFC 2104, with SHA-256.
std::array<uint8_t, 32> hmac_sha256(std::string_view key, std::string_view bytes);

// Two lower-case digits a byte, as digests are written.
std::string to_hex(std::string_view bytes);
std::string to_hex(const std::array<uint8_t, 32>& digest);

}  // namespace omashu
