// Web pages, by their origins (RFC 6454): whose requests are whose. Private to this folder.

#pragma once

#include <string_view>

namespace omashu::http {

// "http://127.0.0.1:8081" is at home on the host "127.0.0.1:8081".
bool is_same_origin(std::string_view origin, std::string_view host);

}  // namespace omashu::http
