#include "base/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <vector>

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

Result<std::array<uint8_t, 32>> sha256_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  if (!in || EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) != 1) {
    return fail(ErrorCode::kIo, path + ": it cannot be read");
  }
  std::vector<char> chunk(1 << 16);
  while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) || in.gcount() > 0) {
    EVP_DigestUpdate(digest.get(), chunk.data(), static_cast<size_t>(in.gcount()));
  }
  std::array<uint8_t, 32> sum;
  if (in.bad() || EVP_DigestFinal_ex(digest.get(), sum.data(), nullptr) != 1) {
    return fail(ErrorCode::kIo, path + ": it cannot be read");
  }
  return sum;
}

std::array<uint8_t, 32> hmac_sha256(std::string_view key, std::string_view bytes) {
  std::array<uint8_t, 32> code;
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data, bytes.size(), code.data(), nullptr) ==
      nullptr) {
    std::fprintf(stderr, "omashu: OpenSSL has no HMAC of SHA-256: its configuration must allow it\n");
    std::abort();
  }
  return code;
}

std::string to_hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    text += kDigits[static_cast<uint8_t>(byte) >> 4];
    text += kDigits[static_cast<uint8_t>(byte) & 15];
  }
  return text;
}

std::string to_hex(const std::array<uint8_t, 32>& digest) {
  return to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

}  // namespace omashu
