// How the members of a group of table servers know each other's addresses: each says its URL in its client.id, which
// Kafka shows to whoever describes the group.
//
//   omashu-serve@http://10.0.0.5:8080
//
// A group's members are named by whoever joins it, so what stands there is checked before anybody is sent to it.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "omashu/result.h"

namespace omashu::service {

inline constexpr size_t kMaxMemberName = 255;

// "http://HOST:PORT" or "https://HOST:PORT", and nothing behind it. HOST is a name, an IPv4 address, or an IPv6 one in
// brackets.
bool is_member_url(std::string_view url);

// `url` is one.
std::string member_client_id(std::string_view url);

// Nothing where the member is no table server, or says no address.
std::optional<std::string> member_url(std::string_view client_id);

}  // namespace omashu::service
