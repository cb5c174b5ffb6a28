// Which server decides about the writes of a key: one, so that they have an order. Alone, a server owns everything.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace omashu::service {

// The URL of the server that owns the partition of a key, as its bytes stand on the topic; nothing: this one does.
using OwnerOf = std::function<std::optional<std::string>(std::string_view topic, std::string_view key_bytes)>;

inline std::optional<std::string> owned_here(std::string_view, std::string_view) { return std::nullopt; }

}  // namespace omashu::service
