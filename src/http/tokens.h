// Words in the values of fields (RFC 9110, section 5.6). Private to this folder.

#pragma once

#include <string>
#include <string_view>

namespace omashu::http {

std::string_view trimmed(std::string_view text);  // of blanks and tabs

// Up to the separator, trimmed; `text` is what stands behind it.
std::string_view take_part(std::string_view& text, char separator);

// Whether they are the same but for large and small letters.
bool is_same_token(std::string_view a, std::string_view b);

// Whether a list ("keep-alive, Upgrade") has the token.
bool has_token(std::string_view list, std::string_view token);

}  // namespace omashu::http
