// Places in a JSON text that a JSON pointer (RFC 6901) names.

#pragma once

#include <string_view>

#include "omashu/result.h"

namespace omashu::json {

// Where the value is that the pointer names ("/fields/0/type"), as near as the text has it; the first place of the text
// where it is no JSON. Steps are not unescaped: names in schemas have neither '~' nor '/'.
TextPosition position_of_pointer(std::string_view text, std::string_view pointer);

}  // namespace omashu::json
