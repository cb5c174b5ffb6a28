// The verbs of `omashu groups`, each in a file of its own.

#pragma once

#include <memory>

#include "cli/command.h"

namespace omashu::cli {

std::unique_ptr<Command> make_groups_list();
std::unique_ptr<Command> make_groups_describe();
std::unique_ptr<Command> make_groups_reset();
std::unique_ptr<Command> make_groups_delete();

}  // namespace omashu::cli
