// Result<T>: how an operation of omashu that can fail says so. No exception crosses this interface.

#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <utility>

namespace omashu {

// What kind of failure it was, as far as a caller may act on it.
enum class ErrorCode {
  kInvalidArgument,  // the caller's input is wrong: text, schema, option
  kNotFound,         // the topic, subject, schema or key does not exist
  kAlreadyExists,
  kIncompatible,  // a schema that the compatibility level in force refuses
  kCorrupt,       // bytes from outside that do not decode
  kConflict,      // the state has moved since it was read
  kUnauthorized,  // authentication or authorization failed
  kUnavailable,   // the server is away or cannot answer now: worth a retry
  kTimeout,
  kCancelled,
  kIo,        // a file or the local system
  kInternal,  // a server's answer that makes no sense
};

// A place in a text; both start from 1. The column counts bytes.
struct TextPosition {
  size_t line = 1;
  size_t column = 1;

  bool operator==(const TextPosition&) const = default;
};

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;                   // one line: what failed, where, what to do
  std::optional<TextPosition> position;  // where in the input, for errors in a text

  // The same error with `context: ` put before the message.
  Error within(const std::string& context) && {
    message = context + ": " + message;
    return std::move(*this);
  }
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected(Error{code, std::move(message), std::nullopt});
}

inline std::unexpected<Error> fail(Error error) { return std::unexpected(std::move(error)); }

}  // namespace omashu
