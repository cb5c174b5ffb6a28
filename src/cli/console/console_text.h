// Keys and values without a schema in the console format: text as it is, and {"base64":"…"} for what would not come
// back from its line.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/console/console_format.h"
#include "serde/payload_format.h"

namespace omashu::cli {

// Nothing where the format prints as JSON does: numbers, and JSON itself.
std::optional<std::string> console_text(std::string_view payload, serde::PayloadFormat format,
                                        const ConsoleOutput& console);

// The other way. kString takes every text as it is; the others take {"base64":"…"} too.
Result<std::string> payload_of_console_text(std::string_view text, serde::PayloadFormat format);

}  // namespace omashu::cli
