#include "base/digest.h"

#include <openssl/evp.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>

namespace omashu {

namespace {

// A digest of memory fails only where the algorithm is missing, as MD5 is where OpenSSL is configured for FIPS alone,
// or where memory is exhausted; no caller can go on without it.
template <size_t kBytes>
std::array<uint8_t, kBytes> digest_of(std::string_view bytes, const EVP_MD* algorithm, const char* name) {
  std::array<uint8_t, kBytes> digest;
  if (algorithm == nullptr || EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, algorithm, nullptr) != 1) {
    std::fprintf(stderr, "omashu: OpenSSL has no %s: its configuration must allow it\n", name);
    std::abort();
  }
  return digest;
}

}  // namespace

std::array<uint8_t, 16> md5(std::string_view bytes) {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "MD5", nullptr);
  return digest_of<16>(bytes, algorithm, "MD5");
}

std::array<uint8_t, 20> sha1(std::string_view bytes) {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA1", nullptr);
  return digest_of<20>(bytes, algorithm, "SHA-1");
}

std::array<uint8_t, 32> sha256(std::string_view bytes) {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return digest_of<32>(bytes, algorithm, "SHA-256");
}

}  // namespace omashu
