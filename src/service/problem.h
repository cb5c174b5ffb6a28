// What went wrong with a request, as its answer tells it (RFC 9457, application/problem+json): one vocabulary for the
// whole service.

#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "http/exchange.h"
#include "omashu/result.h"

namespace omashu::service {

enum class ProblemType : uint8_t {
  kMalformedRequest,
  kUnknownParameter,
  kInvalidParameter,
  kMalformedBody,
  kLoginRequired,
  kForbidden,
  kNotFound,
  kUnknownTable,
  kRowNotFound,
  kMethodNotAllowed,
  kNotAcceptable,
  kRequestTimeout,
  kConflict,
  kImpossibleTransition,
  kRowDeleted,
  kCursorExpired,
  kPreconditionFailed,
  kBodyTooLarge,
  kUnsupportedMediaType,
  kMisdirectedRequest,
  kValueDoesNotSuit,
  kIdempotencyKeyReused,
  kTooManyRequests,
  kHeadTooLarge,
  kInternal,
  kUnavailable,
  kRestoring,
  kTooStale,
  kNotReachedInTime,
  kNotAcknowledged,
};

struct ProblemKind {
  ProblemType type;
  int status;
  std::string_view name;  // the type's URI is /problems/NAME
  std::string_view title;
};

// All of them, in the order of ProblemType.
std::span<const ProblemKind> problem_kinds();
const ProblemKind& problem_kind(ProblemType type);

struct Problem {
  ProblemType type = ProblemType::kInternal;
  std::string detail;                       // one line: what is wrong here, and what to do
  std::optional<std::string> pointer = {};  // of the value in the body that is wrong (RFC 6901)
  std::vector<json::Member> members = {};   // further ones of the answer: "position", "restored"
  std::vector<http::Field> fields = {};     // of the head: Retry-After

  int status() const { return problem_kind(type).status; }
};

// What an operation comes to: a value, or why there is none.
template <class T>
using Answer = std::expected<T, Problem>;

inline std::unexpected<Problem> refuse(ProblemType type, std::string detail) {
  return std::unexpected(Problem{.type = type, .detail = std::move(detail)});
}
inline std::unexpected<Problem> refuse(Problem problem) { return std::unexpected(std::move(problem)); }

// Of an error below: what cannot be reached now is 503, what the client asked for wrongly 400, the rest 500. Who knows
// more of what the error means says it.
Problem problem_of(const Error& error);

// The place in the body that an error of avro::Encoder names, as a JSON pointer: "/source/url" of "value:
// $.source.url: expected a string". Nothing where it names none.
std::optional<std::string> pointer_of(std::string_view message);

http::Response problem_response(const Problem& problem);
inline void answer(const http::ExchangePtr& exchange, const Problem& problem) {
  exchange->answer(problem_response(problem));
}

// Those that the HTTP server answers by itself, for http::ServerOptions::error_response.
http::Response error_response(int status, std::string_view message);

}  // namespace omashu::service
