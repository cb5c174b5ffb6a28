#include "schema_registry/client/answer.h"

#include <fmt/core.h>

#include <optional>

#include "base/utf8.h"

namespace omashu::schema_registry {

namespace {

constexpr size_t kShownBytes = 80;

// The start of a text that came from outside, fit for one line of a terminal.
std::string shown(std::string_view text) {
  if (text.empty()) return "nothing";
  std::string out = "\"";
  const size_t end = std::min(text.size(), kShownBytes);
  for (size_t i = 0; i < end;) {
    const size_t length = utf8_character_length(text.substr(i));
    const auto first = static_cast<unsigned char>(text[i]);
    const bool is_printable = length > 1 || (length == 1 && first >= 0x20 && first != 0x7F);
    out += is_printable ? text.substr(i, length) : " ";
    i += std::max<size_t>(length, 1);
  }
  out += end < text.size() ? "…\"" : "\"";
  return out;
}

// Without line breaks and control characters, so that an error stays one line.
std::string one_line(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return out;
}

struct Report {
  int error_code = 0;
  std::string message;
};

std::optional<Report> parse_report(const std::string& body) {
  const Result<json::Value> value = json::parse(body);
  if (!value) return std::nullopt;
  const json::Value* code = value->find("error_code");
  const json::Value* message = value->find("message");
  const std::optional<int64_t> number = code == nullptr ? std::nullopt : code->as_int64();
  if (!number || *number < 0 || *number > 99'999) return std::nullopt;
  return Report{static_cast<int>(*number),
                message != nullptr && message->is_string() ? one_line(message->text()) : "no message"};
}

std::string_view advice_for(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUnauthorized: return "; check the user and password, or the token, for the registry";
    case ErrorCode::kUnavailable: return "; try again later, or look into the registry's log";
    default: return "";
  }
}

std::string attempts_of(const Answer& answer) {
  return answer.attempts > 1 ? fmt::format(" ({} attempts)", answer.attempts) : "";
}

// A status of failure with a body that no registry writes: a proxy's page, or another server altogether.
Error foreign_error(const Answer& answer) {
  ErrorCode code = code_of(answer.status, 0);
  if (code != ErrorCode::kUnauthorized && code != ErrorCode::kUnavailable && code != ErrorCode::kTimeout) {
    code = ErrorCode::kInternal;
  }
  const std::string_view advice =
      code == ErrorCode::kInternal ? "; is this the base URL of a schema registry?" : advice_for(code);
  const std::string type = answer.content_type.empty() ? "" : fmt::format(" ({})", one_line(answer.content_type));
  return {code,
          fmt::format("{}: answered HTTP {} with {}{}{}{}", answer.call, answer.status, shown(answer.body), type,
                      attempts_of(answer), advice),
          {}};
}

}  // namespace

ErrorCode code_of(int status, int error_code) {
  switch (error_code) {
    case error_code::kSubjectNotSoftDeleted:
    case error_code::kVersionSoftDeleted:
    case error_code::kVersionNotSoftDeleted:
    case error_code::kOperationNotPermitted:
    case error_code::kReferenceExists: return ErrorCode::kConflict;
    case error_code::kIncompatible:
    case error_code::kIncompatibleNewest: return ErrorCode::kIncompatible;
    case error_code::kStoreTimeout: return ErrorCode::kTimeout;
    default: break;
  }
  // 404 alone is a path that the server does not have; 404xx is a thing that it has not.
  if (error_code / 100 == 404) return ErrorCode::kNotFound;
  if (status == 401 || status == 403) return ErrorCode::kUnauthorized;
  if (status == 404) return ErrorCode::kInternal;
  if (status == 408) return ErrorCode::kTimeout;
  if (status == 409) return ErrorCode::kIncompatible;
  if (status == 429 || status >= 500) return ErrorCode::kUnavailable;
  return status >= 400 ? ErrorCode::kInvalidArgument : ErrorCode::kInternal;
}

Result<json::Value> read_answer(const Answer& answer) {
  if (answer.status >= 200 && answer.status < 300) {
    Result<json::Value> value = json::parse(answer.body);
    if (!value) return fail(foreign_error(answer));
    return value;
  }
  if (answer.status >= 300 && answer.status < 400) {
    return fail(ErrorCode::kInternal, fmt::format("{}: redirected to {} (HTTP {}), which is not followed; give the "
                                                  "registry's own URL",
                                                  answer.call, shown(answer.location), answer.status));
  }
  const std::optional<Report> report = parse_report(answer.body);
  if (!report) return fail(foreign_error(answer));
  const ErrorCode code = code_of(answer.status, report->error_code);
  if (code == ErrorCode::kInternal) return fail(foreign_error(answer));
  return fail(code, fmt::format("{}: {} (error {}){}{}", answer.call, report->message, report->error_code,
                                attempts_of(answer), advice_for(code)));
}

Error wrong_shape(const Answer& answer, const Error& why) {
  return {ErrorCode::kInternal,
          fmt::format("{}: answered {}, which is no schema registry's answer: {}", answer.call, shown(answer.body),
                      why.message),
          {}};
}

}  // namespace omashu::schema_registry
