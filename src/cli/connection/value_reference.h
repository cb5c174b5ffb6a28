// Values that are not written down but asked for when they are needed: "env:NAME" is the value of an environment
// variable, "command:WORDS" the first line that a command of the shell prints.

#pragma once

#include <string>
#include <string_view>

#include "cli/connection/connection.h"

namespace omashu::cli {

bool is_value_reference(std::string_view text);

// What the reference stands for; a text that is none stands for itself. Errors name the reference, never a value.
Result<std::string> resolve_value_reference(const std::string& text, const Environment& environment);

}  // namespace omashu::cli
