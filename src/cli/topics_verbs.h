// The verbs of `omashu topics`, each in a file of its own.

#pragma once

#include <memory>

#include "cli/command.h"

namespace omashu::cli {

std::unique_ptr<Command> make_topics_list();
std::unique_ptr<Command> make_topics_describe();

}  // namespace omashu::cli
