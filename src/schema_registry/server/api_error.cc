#include "schema_registry/server/api_error.h"

#include <fmt/core.h>

#include "base/json.h"

namespace omashu::schema_registry::server {

std::unexpected<ApiError> refuse(int code, std::string message) {
  return std::unexpected(ApiError{code >= 1000 ? code / 100 : code, code, std::move(message)});
}

std::unexpected<ApiError> subject_not_found(std::string_view subject) {
  return refuse(error_code::kSubjectNotFound, fmt::format("Subject '{}' not found.", subject));
}

std::unexpected<ApiError> version_not_found(int version) {
  return refuse(error_code::kVersionNotFound, fmt::format("Version {} not found.", version));
}

std::unexpected<ApiError> schema_not_found(std::string_view id_or_guid) {
  return refuse(error_code::kSchemaNotFound,
                id_or_guid.empty() ? "Schema not found" : fmt::format("Schema {} not found", id_or_guid));
}

std::unexpected<ApiError> invalid_schema(std::string_view why) {
  return refuse(error_code::kInvalidSchema, fmt::format("Invalid schema: {}", why));
}

std::unexpected<ApiError> invalid_version(std::string_view version) {
  return refuse(error_code::kInvalidVersion,
                fmt::format("The specified version '{}' is not a valid version id. Allowed values are between "
                            "[1, 2^31-1] and the string \"latest\"",
                            version));
}

std::unexpected<ApiError> invalid_rule_set(std::string_view why) {
  return refuse(error_code::kInvalidRuleSet, fmt::format("Invalid rule set: {}", why));
}

std::unexpected<ApiError> invalid_subject(std::string_view subject) {
  return refuse(error_code::kInvalidSubject,
                fmt::format("The specified subject '{}' is not a valid subject.", subject));
}

std::string error_body(int code, std::string_view message) {
  std::string body = fmt::format(R"({{"error_code":{},"message":)", code);
  json::append_quoted(body, message);
  body += '}';
  return body;
}

}  // namespace omashu::schema_registry::server
