// Before something is deleted for good, its name is typed once more; --yes says that this was done.

#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/command.h"

namespace omashu::cli {

struct Confirmation {
  bool is_given = false;

  void declare(OptionParser& options);

  // A usage error where nobody can be asked: standard input is no terminal.
  Result<void> check() const;

  // Asks at the terminal for each name: "type NAME to delete the topic with all its records:". An error where something
  // else was typed.
  Result<void> ask(Context& context, std::span<const std::string> names, std::string_view consequence) const;
};

}  // namespace omashu::cli
