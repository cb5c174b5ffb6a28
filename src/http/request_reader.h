// Reads requests (HTTP/1.1 and 1.0, RFC 9112) from the bytes of a connection: a state machine without a socket. What it
// keeps is bounded before the bytes are there.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "http/message.h"

namespace omashu::http {

struct RequestLimits {
  size_t head_bytes = 16 << 10;  // also of a chunk's line, and of a trailer
  size_t body_bytes = 1 << 20;
};

class RequestReader {
 public:
  explicit RequestReader(const RequestLimits& limits);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  enum class Progress : uint8_t {
    kNeedsMore,
    kWantsContinue,  // the client waits for "100 Continue" before it sends the body; told once
    kComplete,       // request() has it
    kFailed,         // error_status() says how to answer; nothing more can be read from this connection
  };

  // Reads on, with the bytes that came since the last call.
  Progress read(std::string_view bytes);

  // Takes bytes that are read later: they came while the request before is being answered.
  void keep(std::string_view bytes);
  size_t unread_bytes() const;
  std::string take_unread();

  // Whether nothing of a request has come yet.
  bool is_between_requests() const;

  // The memory that the body of the request under way will need at most; 0 while its head is not known.
  size_t body_bytes() const;

  // After kComplete. take_request() makes room for the next, which read("") then looks for among the bytes that came
  // with this one.
  bool keep_alive() const;
  bool takes_chunks() const;  // the client knows chunked answers: it speaks HTTP/1.1
  Request take_request();

  // After kFailed: 400, 413 or 431, and why.
  int error_status() const;
  std::string_view error_reason() const;

 private:
  class Parser;

  Progress parse();
  std::string wrong_in_head() const;
  Progress fail(int status, std::string reason);

  const RequestLimits limits_;
  std::unique_ptr<Parser> parser_;
  std::string unread_;
  bool told_continue_ = false;
  int error_status_ = 0;
  std::string error_reason_;
};

}  // namespace omashu::http
