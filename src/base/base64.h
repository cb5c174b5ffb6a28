// Base64 (RFC 4648, section 4), for bytes in JSON.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace omashu {

std::string to_base64(std::string_view bytes);

// Nothing where it is not base64; the padding at the end may be left out.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace omashu
