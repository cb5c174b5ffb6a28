// The verbs of `omashu schemas`, each in a file of its own.

#pragma once

#include <memory>

#include "cli/command.h"

namespace omashu::cli {

std::unique_ptr<Command> make_schemas_list();
std::unique_ptr<Command> make_schemas_get();
std::unique_ptr<Command> make_schemas_versions();
std::unique_ptr<Command> make_schemas_diff();
std::unique_ptr<Command> make_schemas_references();
std::unique_ptr<Command> make_schemas_level();
std::unique_ptr<Command> make_schemas_check();
std::unique_ptr<Command> make_schemas_delete();

}  // namespace omashu::cli
