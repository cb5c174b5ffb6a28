// The verbs of `omashu context`.

#pragma once

#include <memory>

#include "cli/command.h"

namespace omashu::cli {

std::unique_ptr<Command> make_context_list();
std::unique_ptr<Command> make_context_show();
std::unique_ptr<Command> make_context_use();
std::unique_ptr<Command> make_context_set();
std::unique_ptr<Command> make_context_delete();

}  // namespace omashu::cli
