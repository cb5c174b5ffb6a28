// The verbs of `omashu topics`, each in a file of its own.

#pragma once

#include <memory>

#include "cli/command.h"

namespace omashu::cli {

std::unique_ptr<Command> make_topics_list();
std::unique_ptr<Command> make_topics_describe();
std::unique_ptr<Command> make_topics_create();
std::unique_ptr<Command> make_topics_alter();
std::unique_ptr<Command> make_topics_delete();

}  // namespace omashu::cli
