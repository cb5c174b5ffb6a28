// Properties files, as Kafka's tools read them: `name=value`, a line each.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "omashu/result.h"

namespace omashu {

using Properties = std::vector<std::pair<std::string, std::string>>;

// `name=value` or `name: value`; blank lines and those that start with # or ! are skipped; a backslash at the end of a
// line joins the next one to it. Other backslashes stay what they are, as in librdkafka's files. Errors name the line
// and never quote it: it may hold a secret.
Result<Properties> parse_properties(std::string_view text);

// One `name=value`, as -X gives it.
Result<std::pair<std::string, std::string>> parse_property(std::string_view text);

}  // namespace omashu
