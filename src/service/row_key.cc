#include "service/row_key.h"

#include <utility>

namespace omashu::service {

Parameter key_parameter() {
  return {.name = "key",
          .place = Parameter::Place::kPath,
          .description =
              "the key, percent-encoded: a bare word where it is a string or a record of one field "
              "(om-1), else JSON"};
}

Answer<std::string> logical_key(table::TypedTopic& typed, std::string_view text) {
  const auto refused = [](const Error& error) {
    Problem problem = problem_of(error);
    if (problem.type != ProblemType::kUnavailable) problem.type = ProblemType::kInvalidParameter;
    return refuse(std::move(problem));
  };
  auto json = typed.key_from_text(text);
  if (!json) return refused(std::move(json.error()).within("key"));
  const auto bytes = typed.write_key(*json);
  if (!bytes) return refused(bytes.error());
  auto logical = typed.logical_key(*bytes);
  if (!logical) return refused(logical.error());
  return *std::move(logical);
}

std::string shown_key(std::string_view logical_key) {
  constexpr size_t kMaxShown = 100;
  return std::string(logical_key.substr(0, kMaxShown)) + (logical_key.size() > kMaxShown ? "…" : "");
}

}  // namespace omashu::service
