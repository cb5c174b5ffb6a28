// Finds the command that a command line names, and runs it.

#pragma once

#include <span>
#include <string>

#include "cli/command.h"

namespace omashu::cli {

// `program` is argv[0]: called as init-kafka, the program is that command.
ExitCode run_program(const std::string& program, std::span<const std::string> arguments, Context& context);

// The name under which the program speaks: that of init-kafka where it is called so.
std::string speaker_of(const std::string& program);

}  // namespace omashu::cli
