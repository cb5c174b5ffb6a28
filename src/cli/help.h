// The text that --help prints.

#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "cli/option_parser.h"

namespace omashu::cli {

// In lines of at most `width` columns; 0 is no terminal, and 80. Of one command. `path` is how it is called: "omashu
// put", "omashu init-kafka plan", "init-kafka".
std::string command_help(std::string_view path, const Command& command, const std::vector<OptionSpec>& specs,
                         size_t width);

// Of the program: what there is.
std::string program_help(std::span<const std::unique_ptr<Command>> commands, size_t width);

}  // namespace omashu::cli
