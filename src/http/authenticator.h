// Basic authentication (RFC 7617) over a password file. A hash takes milliseconds by design, so what was right once is
// remembered, and what is not known yet is checked away from the threads that serve connections. Thread-safe.

#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "http/password_file.h"

namespace omashu::http {

class Authenticator {
 public:
  explicit Authenticator(PasswordFile passwords);

  // What is known of an Authorization header without hashing: what it lets in to; or nothing.
  std::optional<Access> recall(std::string_view header) const;

  // Hashes where it must. Nothing where the header lets nobody in.
  std::optional<Access> check(std::string_view header);

 private:
  using Digest = std::array<uint8_t, 32>;
  Digest digest_of(std::string_view header) const;

  const PasswordFile passwords_;
  const std::string salt_;  // random, of this process: what is remembered is no password

  mutable Mutex mutex_;
  std::map<Digest, Access> known_ GUARDED_BY(mutex_);
};

}  // namespace omashu::http
