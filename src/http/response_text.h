// The bytes of answers (RFC 9112). Private to this folder.

#pragma once

#include <string>
#include <string_view>

#include "http/message.h"

namespace omashu::http {

enum class BodyFraming : uint8_t {
  kLength,   // Content-Length says where it ends
  kChunked,  // pieces with their lengths before them
  kClose,    // it ends with the connection: what HTTP/1.0 has for a body of unknown length
};

// Up to the empty line. With kLength, `response.body` is the body.
std::string response_head(const Response& response, BodyFraming framing, bool keep_alive);

// What stands before a piece of a chunked body. Behind it stands "\r\n"; an empty piece ends the body.
std::string chunk_line(size_t bytes);
constexpr std::string_view kChunkEnd = "\r\n";
constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace omashu::http
