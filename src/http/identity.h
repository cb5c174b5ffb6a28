// Who asks, and what for: names with roles, each for all tables or for those that match a pattern.
//
//   read                    may read everything
//   read,write@status-*     may read everything, and write the tables whose names begin with status-
//   admin                   may do everything
//
// write includes read, admin both. Immutable, and so thread-safe.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/router.h"
#include "omashu/result.h"

namespace omashu::http {

class Grants {
 public:
  Grants() = default;  // nothing but what anybody who has logged in may do
  static Grants everything();

  // Words with commas between them. Errors say what the words are.
  static Result<Grants> parse(std::string_view words);

  // `table` is the one that a request names; one that names none needs a grant for all of them.
  bool allow(Access access, std::optional<std::string_view> table) const;

 private:
  struct Grant {
    Access access = Access::kRead;
    std::string tables = "*";  // a star stands for any characters
  };
  std::vector<Grant> grants_;
};

struct Identity {
  std::string name;
  Grants grants;
};
using IdentityPtr = std::shared_ptr<const Identity>;

}  // namespace omashu::http
