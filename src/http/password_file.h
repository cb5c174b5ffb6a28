// Who may come in, and what for: a file of names and hashes.
//
//   alice:$6$saltsalt$…               as `openssl passwd -6` and `mkpasswd` print them
//   bob:$2y$10$…:read,write@status-*  as `htpasswd -B` writes them; with roles (identity.h), else may do everything
//   # a comment
//
// Hashes are what crypt(3) knows and takes its time for: $y$, $gy$, $7$, $2b$ and $2y$, $6$, $5$. Plain passwords, MD5
// and DES are refused. Immutable, and so thread-safe.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/identity.h"
#include "omashu/result.h"

namespace omashu::http {

class PasswordFile {
 public:
  // Errors name the line and never repeat it.
  static Result<PasswordFile> parse(std::string_view text);
  static Result<PasswordFile> read(const std::string& path);

  // Null where the password is not right. It takes as long for every name, also for one that there is not: as long as
  // one hash of each kind and cost in the file.
  IdentityPtr check(const std::string& user, const std::string& password) const;

  // The hashes that a password is compared with for this name: one of each kind and cost that the file has, the user's
  // own among them.
  std::vector<std::string> hashes_to_compare(const std::string& user) const;

 private:
  struct Entry {
    std::string hash;
    IdentityPtr identity;
  };
  std::map<std::string, Entry> entries_;
  std::map<std::string, std::string> hash_of_cost_;  // by kind and cost: one hash that has them
};

}  // namespace omashu::http
