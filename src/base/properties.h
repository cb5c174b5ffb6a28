// Properties files, as Java and so Kafka's own tools read them: `name=value`, a line each.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "omashu/result.h"

namespace omashu {

struct Property {
  std::string name;
  std::string value;
  size_t line = 0;  // where it starts, from 1; 0 where it came from no file
};

// In the file's order. LF, CR or CRLF; `#` and `!` comments; `=`, `:` or a blank between name and value; a backslash at
// the end of a line continues it; \t \n \r \f \\ and \uXXXX (as UTF-8), any other backslash vanishes. Blanks around the
// value and a byte-order mark are passed over. Errors name the line and never quote it: it may hold a secret.
Result<std::vector<Property>> parse_properties(std::string_view text);

// One `name=value`, as -X gives it: all after the first `=` is the value.
Result<Property> parse_property(std::string_view text);

}  // namespace omashu
