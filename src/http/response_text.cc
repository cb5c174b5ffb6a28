#include "http/response_text.h"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include <ctime>

namespace omashu::http {

namespace {

// RFC 9110, 5.6.7; made once a second on each thread.
std::string_view date_now() {
  thread_local std::time_t made = 0;
  thread_local std::string text;
  if (const std::time_t now = std::time(nullptr); now != made) {
    made = now;
    text = fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(now));
  }
  return text;
}

// Informational answers, 204 and 304 have no body, and so no length (RFC 9110, 8.6).
bool has_body(int status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace

std::string response_head(const Response& response, BodyFraming framing, bool keep_alive) {
  std::string text;
  text.reserve(512);
  text += fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status, reason_phrase(response.status), date_now());
  if (!response.content_type.empty()) text.append("Content-Type: ").append(response.content_type).append("\r\n");
  for (const Field& field : response.fields) text.append(field.name).append(": ").append(field.value).append("\r\n");
  if (!keep_alive) text += "Connection: close\r\n";
  if (framing == BodyFraming::kChunked) {
    text += "Transfer-Encoding: chunked\r\n";
  } else if (framing == BodyFraming::kLength && has_body(response.status)) {
    text += fmt::format("Content-Length: {}\r\n", response.body.size());
  }
  text += "\r\n";
  return text;
}

std::string chunk_line(size_t bytes) { return fmt::format("{:x}\r\n", bytes); }

}  // namespace omashu::http
