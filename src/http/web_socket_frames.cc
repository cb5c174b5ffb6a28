#include "http/web_socket_frames.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"

namespace omashu::http {

namespace {

constexpr uint8_t kLastFrame = 0x80;
constexpr uint8_t kReserved = 0x70;
constexpr uint8_t kMasked = 0x80;
constexpr size_t kMaxControlBytes = 125;
constexpr uint8_t kTwoByteLength = 126;
constexpr uint8_t kEightByteLength = 127;

uint64_t big_endian(std::string_view bytes) {
  uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<uint8_t>(byte);
  return number;
}

void append_big_endian(std::string& out, uint64_t number, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift);
}

// Section 7.4: codes that may stand in a frame.
bool is_close_code(uint64_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

bool is_opcode(uint8_t opcode) { return opcode <= 2 || (opcode >= 8 && opcode <= 10); }

}  // namespace

std::string frame(Opcode opcode, std::string_view payload) {
  std::string out;
  out.reserve(payload.size() + 10);
  out += static_cast<char>(kLastFrame | static_cast<uint8_t>(opcode));
  if (payload.size() <= kMaxControlBytes) {
    out += static_cast<char>(payload.size());
  } else if (payload.size() <= 0xffff) {
    out += static_cast<char>(kTwoByteLength);
    append_big_endian(out, payload.size(), 2);
  } else {
    out += static_cast<char>(kEightByteLength);
    append_big_endian(out, payload.size(), 8);
  }
  out += payload;
  return out;
}

std::string close_frame(CloseCode code, std::string_view reason) {
  std::string payload;
  append_big_endian(payload, static_cast<uint16_t>(code), 2);
  size_t size = std::min(reason.size(), kMaxControlBytes - 2);
  while (size < reason.size() && size > 0 && (static_cast<uint8_t>(reason[size]) & 0xc0) == 0x80) --size;
  payload += reason.substr(0, size);
  return frame(Opcode::kClose, payload);
}

WebSocketMessage make_web_socket_message(std::string_view text) {
  return std::make_shared<const std::string>(frame(Opcode::kText, text));
}

std::optional<WebSocketEvent> WebSocketReader::read(std::string_view bytes) {
  if (is_closed_) return std::nullopt;
  unread_ += bytes;
  while (head_ || read_head()) {
    read_payload();
    if (head_->left > 0) break;
    if (auto event = end_frame()) {
      is_closed_ = event->kind == WebSocketEvent::Kind::kClose || event->kind == WebSocketEvent::Kind::kFailed;
      return event;
    }
  }
  if (failed_) is_closed_ = true;
  return std::exchange(failed_, std::nullopt);
}

bool WebSocketReader::read_head() {
  if (unread_.size() < 2) return false;
  const auto first = static_cast<uint8_t>(unread_[0]);
  const auto second = static_cast<uint8_t>(unread_[1]);
  const uint8_t short_length = second & 0x7f;
  const size_t length_bytes = short_length == kTwoByteLength ? 2 : short_length == kEightByteLength ? 8 : 0;
  const size_t head_bytes = 2 + length_bytes + 4;
  if ((second & kMasked) == 0) {
    failed_ = failure(CloseCode::kProtocolError, "a client's frames must be masked");
    return false;
  }
  if (unread_.size() < head_bytes) return false;
  const uint64_t length =
      length_bytes == 0 ? short_length : big_endian(std::string_view(unread_).substr(2, length_bytes));
  if (!check_head(first, second, length)) return false;
  Head head{.opcode = static_cast<Opcode>(first & 0x0f), .is_last = (first & kLastFrame) != 0, .left = length};
  std::copy_n(unread_.begin() + static_cast<std::ptrdiff_t>(head_bytes - 4), 4, head.mask);
  head_ = head;
  unread_.erase(0, head_bytes);
  return true;
}

bool WebSocketReader::check_head(uint8_t first, uint8_t second, uint64_t length) {
  const uint8_t opcode = first & 0x0f;
  const uint8_t short_length = second & 0x7f;
  const auto wrong = [&](CloseCode code, const char* reason) {
    failed_ = failure(code, reason);
    return false;
  };
  if ((first & kReserved) != 0) return wrong(CloseCode::kProtocolError, "no extension was agreed on");
  if (!is_opcode(opcode)) return wrong(CloseCode::kProtocolError, "there is no such kind of frame");
  const bool is_shortest = (short_length != kTwoByteLength || length > kMaxControlBytes) &&
                           (short_length != kEightByteLength || length > 0xffff);
  if (!is_shortest) return wrong(CloseCode::kProtocolError, "a length is not written as short as it can be");
  if (static_cast<Opcode>(opcode) >= Opcode::kClose) {
    const bool is_whole = (first & kLastFrame) != 0 && length <= kMaxControlBytes;
    return is_whole || wrong(CloseCode::kProtocolError, "a control frame is short, and in one piece");
  }
  if (opcode == static_cast<uint8_t>(Opcode::kBinary)) return wrong(CloseCode::kUnsupportedData, "messages are text");
  if ((opcode == static_cast<uint8_t>(Opcode::kContinuation)) != message_.has_value()) {
    return wrong(CloseCode::kProtocolError, "a message begins with its kind, and goes on without");
  }
  if (length > max_message_bytes_ - (message_ ? message_->size() : 0)) {
    return wrong(CloseCode::kTooBig, "the message is too large");
  }
  return true;
}

void WebSocketReader::read_payload() {
  std::string& target = head_->is_control() ? control_ : message_ ? *message_ : message_.emplace();
  const auto size = static_cast<size_t>(std::min<uint64_t>(head_->left, unread_.size()));
  for (size_t i = 0; i < size; ++i) {
    target += static_cast<char>(static_cast<uint8_t>(unread_[i]) ^ head_->mask[head_->masked++ % 4]);
  }
  unread_.erase(0, size);
  head_->left -= size;
}

std::optional<WebSocketEvent> WebSocketReader::end_frame() {
  const Head head = *std::exchange(head_, std::nullopt);
  if (head.is_control()) return end_control(head.opcode);
  if (!head.is_last) return std::nullopt;
  return end_message();
}

WebSocketEvent WebSocketReader::end_message() {
  std::string text = *std::exchange(message_, std::nullopt);
  if (!is_valid_utf8(text)) return failure(CloseCode::kNotUtf8, "a message is not UTF-8");
  return {.kind = WebSocketEvent::Kind::kMessage, .payload = std::move(text)};
}

WebSocketEvent WebSocketReader::end_control(Opcode opcode) {
  std::string payload = std::exchange(control_, {});
  if (opcode == Opcode::kPing) return {.kind = WebSocketEvent::Kind::kPing, .payload = std::move(payload)};
  if (opcode == Opcode::kPong) return {.kind = WebSocketEvent::Kind::kPong, .payload = std::move(payload)};
  if (payload.empty()) return {.kind = WebSocketEvent::Kind::kClose, .payload = {}};
  const uint64_t code = payload.size() < 2 ? 0 : big_endian(std::string_view(payload).substr(0, 2));
  if (!is_close_code(code)) return failure(CloseCode::kProtocolError, "there is no such code to close with");
  if (!is_valid_utf8(std::string_view(payload).substr(2))) {
    return failure(CloseCode::kNotUtf8, "the reason to close is not UTF-8");
  }
  return {.kind = WebSocketEvent::Kind::kClose,
          .payload = payload.substr(2),
          .code = static_cast<CloseCode>(static_cast<uint16_t>(code))};
}

WebSocketEvent WebSocketReader::failure(CloseCode code, std::string reason) {
  return {.kind = WebSocketEvent::Kind::kFailed, .payload = std::move(reason), .code = code};
}

}  // namespace omashu::http
