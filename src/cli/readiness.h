// How a server says that it is ready, to scripts and to systemd.

#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "omashu/result.h"

namespace omashu::cli {

// Writes the file, where one is named, as lines `NAME=value` for a shell to source: it is there whole or not at all.
// Tells systemd, where it asks to be told (sd_notify(3)).
Result<void> tell_ready(const std::optional<std::string>& file,
                        const std::vector<std::pair<std::string, std::string>>& addresses);

}  // namespace omashu::cli
