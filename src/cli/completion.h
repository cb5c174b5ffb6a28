// Shell completion, written from what the commands declare.

#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace omashu::cli {

// The script for "bash", "zsh" or "fish"; nothing for another shell.
std::optional<std::string> completion_script(std::string_view shell,
                                             std::span<const std::unique_ptr<Command>> commands);

}  // namespace omashu::cli
