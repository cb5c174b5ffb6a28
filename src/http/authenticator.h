// Who is there: basic authentication (RFC 7617) over a password file, bearer tokens (RFC 6750) over a file of their
// hashes. The hash of a password takes milliseconds by design, so what was right once is remembered, and what is not
// known yet is checked away from the threads that serve connections. Thread-safe.

#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "http/identity.h"
#include "http/password_file.h"
#include "http/token_file.h"

namespace omashu::http {

class Authenticator {
 public:
  explicit Authenticator(std::optional<PasswordFile> passwords, std::optional<TokenFile> tokens = {});

  // Whom an Authorization header lets in, as far as that is known without hashing a password; or null.
  IdentityPtr recall(std::string_view header) const;

  // Whether it may be one that check() lets in, though recall() does not.
  bool may_pass(std::string_view header) const;

  // Hashes where it must. Null where the header lets nobody in.
  IdentityPtr check(std::string_view header);

  // The values of WWW-Authenticate (RFC 9110, section 11.6.1).
  std::string challenge() const;

 private:
  using Digest = std::array<uint8_t, 32>;
  Digest digest_of(std::string_view header) const;

  const std::optional<PasswordFile> passwords_;
  const std::optional<TokenFile> tokens_;
  const std::string salt_;  // random, of this process: what is remembered is no password

  mutable Mutex mutex_;
  std::map<Digest, IdentityPtr> known_ GUARDED_BY(mutex_);
};

}  // namespace omashu::http
