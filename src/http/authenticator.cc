#include "http/authenticator.h"

#include <sys/random.h>

#include "base/base64.h"
#include "base/digest.h"

namespace omashu::http {

namespace {

// One for each right pair of name and password, so this is far more than there are.
constexpr size_t kMaxKnown = 10'000;

std::string random_bytes() {
  std::string bytes(32, '\0');
  static_cast<void>(getrandom(bytes.data(), bytes.size(), 0));  // so few it gives in one piece
  return bytes;
}

// "user:password" of "Basic …".
std::optional<std::string> credentials_of(std::string_view header) {
  constexpr std::string_view kScheme = "basic ";
  if (header.size() < kScheme.size()) return std::nullopt;
  for (size_t i = 0; i < kScheme.size(); ++i) {
    if ((header[i] | 0x20) != (kScheme[i] | 0x20)) return std::nullopt;
  }
  return from_base64(header.substr(kScheme.size()));
}

}  // namespace

Authenticator::Authenticator(PasswordFile passwords) : passwords_(std::move(passwords)), salt_(random_bytes()) {}

Authenticator::Digest Authenticator::digest_of(std::string_view header) const {
  return sha256(std::string(salt_).append(header));
}

std::optional<Access> Authenticator::recall(std::string_view header) const {
  if (header.empty()) return std::nullopt;
  const Digest digest = digest_of(header);
  const MutexLock lock(mutex_);
  const auto known = known_.find(digest);
  if (known == known_.end()) return std::nullopt;
  return known->second;
}

std::optional<Access> Authenticator::check(std::string_view header) {
  if (const auto known = recall(header)) return known;
  const std::optional<std::string> credentials = credentials_of(header);
  const size_t colon = credentials ? credentials->find(':') : std::string::npos;
  if (colon == std::string::npos) return std::nullopt;
  const std::optional<Access> access = passwords_.check(credentials->substr(0, colon), credentials->substr(colon + 1));
  if (!access) return std::nullopt;
  const MutexLock lock(mutex_);
  if (known_.size() < kMaxKnown) known_.emplace(digest_of(header), *access);
  return access;
}

}  // namespace omashu::http
