// Single values out of and into the JSON text of records, for programs that need no more of JSON than that.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace omashu {

// The value at a path of members ("source.url"): the text of a string without quotes and escapes, a number as it is
// spelled, true or false, and the JSON of an object or an array. Nothing for null, for what is not there, and where
// `json` is no JSON.
std::optional<std::string> json_field(std::string_view json, std::string_view path);

// `"text"`, with the escapes that JSON demands. What is not UTF-8 becomes U+FFFD.
std::string json_text(std::string_view text);

}  // namespace omashu
