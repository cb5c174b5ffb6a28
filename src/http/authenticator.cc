#include "http/authenticator.h"

#include <sys/random.h>

#include <utility>

#include "base/base64.h"
#include "base/digest.h"
#include "http/tokens.h"

namespace omashu::http {

namespace {

// One for each right pair of name and password, so this is far more than there are.
constexpr size_t kMaxKnown = 10'000;

std::string random_bytes() {
  std::string bytes(32, '\0');
  static_cast<void>(getrandom(bytes.data(), bytes.size(), 0));  // so few it gives in one piece
  return bytes;
}

// What stands behind the scheme: "Basic …".
std::optional<std::string_view> credentials_of(std::string_view header, std::string_view scheme) {
  const size_t blank = header.find(' ');
  if (blank == std::string_view::npos || !is_same_token(header.substr(0, blank), scheme)) return std::nullopt;
  return trimmed(header.substr(blank + 1));
}

}  // namespace

Authenticator::Authenticator(std::optional<PasswordFile> passwords, std::optional<TokenFile> tokens)
    : passwords_(std::move(passwords)), tokens_(std::move(tokens)), salt_(random_bytes()) {}

Authenticator::Digest Authenticator::digest_of(std::string_view header) const {
  return sha256(std::string(salt_).append(header));
}

IdentityPtr Authenticator::recall(std::string_view header) const {
  if (const auto token = credentials_of(header, "bearer")) return tokens_ ? tokens_->check(*token) : nullptr;
  if (!may_pass(header)) return nullptr;
  const Digest digest = digest_of(header);
  const MutexLock lock(mutex_);
  const auto known = known_.find(digest);
  return known == known_.end() ? nullptr : known->second;
}

bool Authenticator::may_pass(std::string_view header) const {
  return passwords_ && credentials_of(header, "basic").has_value();
}

IdentityPtr Authenticator::check(std::string_view header) {
  if (IdentityPtr known = recall(header)) return known;
  const auto encoded = credentials_of(header, "basic");
  if (!encoded || !passwords_) return nullptr;
  const std::optional<std::string> credentials = from_base64(*encoded);
  const size_t colon = credentials ? credentials->find(':') : std::string::npos;
  if (colon == std::string::npos) return nullptr;
  IdentityPtr identity = passwords_->check(credentials->substr(0, colon), credentials->substr(colon + 1));
  if (identity == nullptr) return nullptr;
  const MutexLock lock(mutex_);
  if (known_.size() < kMaxKnown) known_.emplace(digest_of(header), identity);
  return identity;
}

std::string Authenticator::challenge() const {
  std::string challenge;
  if (passwords_) challenge = "Basic realm=\"omashu\", charset=\"UTF-8\"";
  if (tokens_) challenge += challenge.empty() ? "Bearer realm=\"omashu\"" : ", Bearer realm=\"omashu\"";
  return challenge;
}

}  // namespace omashu::http
