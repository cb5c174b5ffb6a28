// Whether a request is what its operation declares, asked before the handler is called: query parameters that there
// are, each once unless it may be repeated, with values that suit their schema; a body of a media type that is taken.
//
// Immutable, and so thread-safe.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "omashu/result.h"
#include "service/operation.h"

namespace omashu::service {

inline constexpr size_t kMaxValueBytes = 4096;  // of a query parameter, decoded
inline constexpr size_t kMaxQueryMembers = 100;

class RequestCheck {
 public:
  // Fails where the declaration contradicts itself: a bug, which a test of the declarations finds.
  static Result<RequestCheck> make(const Operation& operation);

  std::optional<Problem> check(const http::Request& request) const;

 private:
  struct Rule {
    std::string name;
    bool is_required = false;
    bool is_repeated = false;
    enum class Type : uint8_t { kString, kInteger, kBoolean } type = Type::kString;
    std::vector<std::string> choices = {};
    std::optional<int64_t> minimum = {}, maximum = {};
    size_t min_length = 0, max_length = kMaxValueBytes;  // bytes
  };

  static Result<Rule> make_rule(const Parameter& parameter);
  static std::optional<std::string> wrong_in(const Rule& rule, const std::string& value);
  std::optional<Problem> check_query(std::string_view query) const;
  std::optional<Problem> check_body(const http::Request& request) const;

  std::vector<Rule> rules_;               // of the query
  std::vector<std::string> names_;        // of rules_, for suggestions
  std::vector<std::string> media_types_;  // of the body; empty: there is none
};

}  // namespace omashu::service
