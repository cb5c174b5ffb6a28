// Who may come in with a bearer token (RFC 6750): a file of names, of hashes of their tokens, and of roles.
//
//   ci:5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8:read,write@status-*
//   # a comment
//
// The hash is the token's SHA-256 in hexadecimal digits, as `printf %s TOKEN | sha256sum` prints it; tokens themselves
// are never in the file. They are long and random (`openssl rand -hex 32`), so that one round of a fast hash is enough.
// Immutable, and so thread-safe.

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "http/identity.h"
#include "omashu/result.h"

namespace omashu::http {

class TokenFile {
 public:
  // Errors name the line and never repeat it.
  static Result<TokenFile> parse(std::string_view text);
  static Result<TokenFile> read(const std::string& path);

  IdentityPtr check(std::string_view token) const;  // null where nobody has it

 private:
  std::map<std::array<uint8_t, 32>, IdentityPtr> identities_;  // by the hash of the token
};

}  // namespace omashu::http
