// One error in place of many: where the servers cannot be reached or let nobody in, each of many answers says so.

#pragma once

#include <optional>
#include <vector>

#include "omashu/result.h"

namespace omashu::cli {

// The error about the servers that all of the answers are; nothing where one is none, or another one.
template <class T>
std::optional<Error> shared_error(const std::vector<Result<T>>& answers) {
  for (const Result<T>& answer : answers) {
    if (answer || answer.error().message != answers.front().error().message) return std::nullopt;
  }
  if (answers.empty()) return std::nullopt;
  const ErrorCode code = answers.front().error().code;
  const bool is_about_servers =
      code == ErrorCode::kUnavailable || code == ErrorCode::kTimeout || code == ErrorCode::kUnauthorized;
  return is_about_servers ? std::optional(answers.front().error()) : std::nullopt;
}

}  // namespace omashu::cli
