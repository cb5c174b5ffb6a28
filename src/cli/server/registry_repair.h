// `omashu registry repair`.

#pragma once

#include <memory>

#include "cli/command.h"

namespace omashu::cli {

std::unique_ptr<Command> make_registry_repair();

}  // namespace omashu::cli
