// What a watcher is sent, as the bytes of server-sent events (the HTML standard, section 9.2) or of WebSocket messages.
//
//   event: enter                    {"event":"enter","id":"t-0-12","row":{…}}
//   id: t-0-12
//   data: {…}

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace omashu::service {

enum class WatchKind : uint8_t { kServerSentEvents, kWebSocket };

// `row` is JSON in one line. Without an id, a client goes on from the one before.
void append_row_event(std::string& out, WatchKind kind, std::string_view event, std::string_view id,
                      std::string_view row);

// The rows from here on are all that there are: whoever comes back before it is ready begins again.
void append_snapshot_event(std::string& out, WatchKind kind);
void append_ready_event(std::string& out, WatchKind kind, std::string_view id);
// "reset" and "bye", with why.
void append_reason_event(std::string& out, WatchKind kind, std::string_view event, std::string_view reason);

// Keeps the connection known to be alive, and the client's place up to date.
std::string heartbeat(WatchKind kind, std::string_view id);

}  // namespace omashu::service
