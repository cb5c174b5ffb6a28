#include "service/problem.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/shown_utf8.h"

namespace omashu::service {

namespace {

using enum ProblemType;

constexpr auto kKinds = std::to_array<ProblemKind>({
    {kMalformedRequest, 400, "malformed-request", "The request is malformed"},
    {kUnknownParameter, 400, "unknown-parameter", "There is no such query parameter"},
    {kInvalidParameter, 400, "invalid-parameter", "The value of a parameter is not right"},
    {kMalformedBody, 400, "malformed-body", "The body is not what the operation takes"},
    {kLoginRequired, 401, "login-required", "Nobody is logged in"},
    {kForbidden, 403, "forbidden", "This is not allowed"},
    {kNotFound, 404, "not-found", "There is nothing at this path"},
    {kUnknownTable, 404, "unknown-table", "There is no such table"},
    {kRowNotFound, 404, "row-not-found", "The table has no such key"},
    {kMethodNotAllowed, 405, "method-not-allowed", "The path does not have this method"},
    {kNotAcceptable, 406, "not-acceptable", "None of the accepted media types is there"},
    {kRequestTimeout, 408, "request-timeout", "The request took too long to come"},
    {kConflict, 409, "conflict", "The state does not allow this"},
    {kImpossibleTransition, 409, "impossible-transition", "The row cannot change in this way"},
    {kRowDeleted, 410, "row-deleted", "The row was deleted"},
    {kCursorExpired, 410, "cursor-expired", "The cursor has expired"},
    {kPreconditionFailed, 412, "precondition-failed", "The row is not at the version that was asked for"},
    {kBodyTooLarge, 413, "body-too-large", "The body is too large"},
    {kUnsupportedMediaType, 415, "unsupported-media-type", "The body has a media type that is not taken here"},
    {kMisdirectedRequest, 421, "misdirected-request", "The request is meant for another server"},
    {kValueDoesNotSuit, 422, "value-does-not-suit", "The value does not suit the schema"},
    {kIdempotencyKeyReused, 422, "idempotency-key-reused", "The Idempotency-Key was used for another request"},
    {kTooManyRequests, 429, "too-many-requests", "There are too many requests"},
    {kHeadTooLarge, 431, "head-too-large", "The head of the request is too large"},
    {kInternal, 500, "internal-error", "Something went wrong in the server"},
    {kUnavailable, 503, "unavailable", "Something that is needed cannot be reached now"},
    {kRestoring, 503, "restoring", "The table is still being read"},
    {kTooStale, 503, "too-stale", "The table is further behind its topic than was asked for"},
    {kNotReachedInTime, 504, "not-reached-in-time", "The position was not reached in time"},
    {kNotAcknowledged, 504, "not-acknowledged", "Whether the write was made is not known"},
});

constexpr bool is_in_order() {
  for (size_t i = 0; i < kKinds.size(); ++i) {
    if (kKinds[i].type != static_cast<ProblemType>(i)) return false;
  }
  return true;
}
static_assert(is_in_order());
static_assert(kKinds.size() == static_cast<size_t>(kNotAcknowledged) + 1);

void append_step(std::string& pointer, std::string_view step) {
  pointer += '/';
  for (const char c : step) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
}

}  // namespace

std::span<const ProblemKind> problem_kinds() { return kKinds; }

const ProblemKind& problem_kind(ProblemType type) { return kKinds[static_cast<size_t>(type)]; }

Problem problem_of(const Error& error) {
  const auto type = [&] {
    switch (error.code) {
      case ErrorCode::kInvalidArgument: return kInvalidParameter;
      case ErrorCode::kNotFound: return kNotFound;
      case ErrorCode::kAlreadyExists:
      case ErrorCode::kConflict: return kConflict;
      case ErrorCode::kIncompatible: return kValueDoesNotSuit;
      case ErrorCode::kUnavailable:
      case ErrorCode::kTimeout:
      case ErrorCode::kUnauthorized:  // this process's own log-in at Kafka or the registry
      case ErrorCode::kCancelled: return kUnavailable;
      case ErrorCode::kCorrupt:
      case ErrorCode::kIo:
      case ErrorCode::kInternal: break;
    }
    return kInternal;
  }();
  Problem problem{.type = type, .detail = error.message};
  if (type == kUnavailable) problem.fields.push_back({"Retry-After", "1"});
  return problem;
}

std::optional<std::string> pointer_of(std::string_view message) {
  const size_t start = message.starts_with('$') ? 0 : message.find(": $") + 2;
  if (start == 1 || start >= message.size()) return std::nullopt;
  std::string_view path = message.substr(start + 1);
  std::string pointer;
  while (!path.empty() && !path.starts_with(": ")) {
    size_t end = 0;
    if (path.starts_with(".")) {
      end = std::min(path.find_first_of(".[:", 1), path.size());
      append_step(pointer, path.substr(1, end - 1));
    } else if (path.starts_with("[\"")) {
      end = path.find("\"]");
      if (end == std::string_view::npos) return std::nullopt;
      append_step(pointer, path.substr(2, end - 2));
      end += 2;
    } else if (path.starts_with("[")) {
      end = path.find(']');
      if (end == std::string_view::npos) return std::nullopt;
      append_step(pointer, path.substr(1, end - 1));
      ++end;
    } else {
      return std::nullopt;
    }
    path.remove_prefix(end);
  }
  return pointer;
}

http::Response problem_response(const Problem& problem) {
  const ProblemKind& kind = problem_kind(problem.type);
  json::Value body = json::Value::object();
  body.add("type", fmt::format("/problems/{}", kind.name))
      .add("title", kind.title)
      .add("status", kind.status)
      .add("detail", as_utf8(problem.detail));
  if (problem.pointer) body.add("pointer", *problem.pointer);
  for (const json::Member& member : problem.members) body.add(member.name, member.value);
  http::Response response{.status = kind.status, .content_type = "application/problem+json", .body = {}, .fields = {}};
  response.body = json::to_text(body) + "\n";
  response.fields = problem.fields;
  return response;
}

http::Response error_response(int status, std::string_view message) {
  // Of several with a status the first is the general one.
  const auto kind = std::ranges::find(kKinds, status, &ProblemKind::status);
  return problem_response({.type = kind == kKinds.end() ? kInternal : kind->type, .detail = std::string(message)});
}

}  // namespace omashu::service
