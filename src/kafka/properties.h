// The text form of Java's properties files, as java.util.Properties reads it.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "omashu/result.h"

namespace omashu::kafka {

struct Property {
  std::string name;
  std::string value;
  size_t line = 0;  // where it starts, from 1; 0 where it came from no file
};

// LF, CR or CRLF; `#` and `!` comments; `=`, `:` or a blank between name and value; a backslash at the end of a line
// continues it; \t \n \r \f \\ and \uXXXX (as UTF-8). A byte-order mark is passed over. In the file's order.
Result<std::vector<Property>> parse_properties(std::string_view text);

}  // namespace omashu::kafka
