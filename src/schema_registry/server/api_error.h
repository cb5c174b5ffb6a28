// Errors as the REST API tells them: an HTTP status, Confluent's code and a line for people.

#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "schema_registry/types.h"

namespace omashu::schema_registry::server {

struct ApiError {
  int status = 500;  // HTTP
  int code = 500;    // of types.h, or the status again
  std::string message;
};

template <class T>
using Answer = std::expected<T, ApiError>;

// The status follows from the code: 42201 is a 422.
std::unexpected<ApiError> refuse(int code, std::string message);

std::unexpected<ApiError> subject_not_found(std::string_view subject);
std::unexpected<ApiError> version_not_found(int version);
std::unexpected<ApiError> schema_not_found(std::string_view id_or_guid);
std::unexpected<ApiError> invalid_schema(std::string_view why);
std::unexpected<ApiError> invalid_version(std::string_view version);
std::unexpected<ApiError> invalid_rule_set(std::string_view why);
std::unexpected<ApiError> invalid_subject(std::string_view subject);

// {"error_code":…,"message":…}
std::string error_body(int code, std::string_view message);

}  // namespace omashu::schema_registry::server
