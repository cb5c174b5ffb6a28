// Frames of WebSockets (RFC 6455, section 5), as a server reads and writes them: a state machine without a socket. What
// it keeps is bounded before the bytes are there. Private to this folder.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/web_socket.h"

namespace omashu::http {

enum class Opcode : uint8_t { kContinuation = 0, kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10 };

// One whole frame of a server: not masked.
std::string frame(Opcode opcode, std::string_view payload);
std::string close_frame(CloseCode code, std::string_view reason);  // a long reason is cut off

struct WebSocketEvent {
  enum class Kind : uint8_t {
    kMessage,  // text
    kPing,
    kPong,
    kClose,   // the client's: `code` is to be answered
    kFailed,  // what came is wrong: to be closed with `code` and the payload as the reason. Nothing more is read
  };
  Kind kind = Kind::kMessage;
  std::string payload;
  CloseCode code = CloseCode::kNormal;
};

class WebSocketReader {
 public:
  explicit WebSocketReader(size_t max_message_bytes) : max_message_bytes_(max_message_bytes) {}

  // Takes the bytes, and gives the first thing that they complete; read("") gives the next one.
  std::optional<WebSocketEvent> read(std::string_view bytes);

 private:
  // Of a frame under way.
  struct Head {
    Opcode opcode = Opcode::kText;
    bool is_last = false;
    uint64_t left = 0;
    uint8_t mask[4] = {};
    size_t masked = 0;

    bool is_control() const { return opcode >= Opcode::kClose; }
  };

  bool read_head();  // whether there was a whole one
  void read_payload();
  std::optional<WebSocketEvent> end_frame();
  WebSocketEvent end_message();
  WebSocketEvent end_control(Opcode opcode);
  bool check_head(uint8_t first, uint8_t second, uint64_t length);
  WebSocketEvent failure(CloseCode code, std::string reason);

  const size_t max_message_bytes_;
  std::string unread_;
  std::optional<Head> head_;
  std::optional<std::string> message_;  // of the frames so far
  std::string control_;
  std::optional<WebSocketEvent> failed_;
  bool is_closed_ = false;
};

}  // namespace omashu::http
