#include "service/watch/watch_text.h"

#include "base/json.h"
#include "http/web_socket.h"

namespace omashu::service {

namespace {

void append_message(std::string& out, std::string_view text) { out += *http::make_web_socket_message(text); }

std::string message_of(std::string_view event) { return std::string(R"({"event":")").append(event).append("\""); }

void append_id(std::string& message, std::string_view id) {
  message += R"(,"id":)";
  json::append_quoted(message, id);
}

}  // namespace

void append_row_event(std::string& out, WatchKind kind, std::string_view event, std::string_view id,
                      std::string_view row) {
  if (kind == WatchKind::kServerSentEvents) {
    out.append("event: ").append(event);
    if (!id.empty()) out.append("\nid: ").append(id);
    out.append("\ndata: ").append(row).append("\n\n");
    return;
  }
  std::string message = message_of(event);
  if (!id.empty()) append_id(message, id);
  message.append(R"(,"row":)").append(row).append("}");
  append_message(out, message);
}

void append_snapshot_event(std::string& out, WatchKind kind) {
  if (kind == WatchKind::kServerSentEvents) {
    out += "event: snapshot\nid:\ndata: {}\n\n";
  } else {
    append_message(out, R"({"event":"snapshot"})");
  }
}

void append_ready_event(std::string& out, WatchKind kind, std::string_view id) {
  if (kind == WatchKind::kServerSentEvents) {
    out.append("event: ready\nid: ").append(id).append("\ndata: {}\n\n");
    return;
  }
  std::string message = message_of("ready");
  append_id(message, id);
  message += '}';
  append_message(out, message);
}

void append_reason_event(std::string& out, WatchKind kind, std::string_view event, std::string_view reason) {
  if (kind == WatchKind::kServerSentEvents) {
    out.append("event: ").append(event).append("\ndata: {\"reason\":");
    json::append_quoted(out, reason);
    out += "}\n\n";
    return;
  }
  std::string message = message_of(event);
  message += R"(,"reason":)";
  json::append_quoted(message, reason);
  message += '}';
  append_message(out, message);
}

std::string heartbeat(WatchKind kind, std::string_view id) {
  std::string out;
  if (kind == WatchKind::kServerSentEvents) {
    out = ": heartbeat\n";
    if (!id.empty()) out.append("id: ").append(id).append("\n");
    out += '\n';
    return out;
  }
  std::string message = message_of("heartbeat");
  if (!id.empty()) append_id(message, id);
  message += '}';
  append_message(out, message);
  return out;
}

}  // namespace omashu::service
