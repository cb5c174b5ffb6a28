#include "cli/server/data_folder.h"

#include <fmt/core.h>

#include <cstdlib>

namespace omashu::cli {

std::string default_data_folder(std::string_view name) {
  if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data == '/') {
    return fmt::format("{}/{}", data, name);
  }
  const char* home = std::getenv("HOME");
  return home != nullptr && *home == '/' ? fmt::format("{}/.local/share/{}", home, name) : fmt::format("{}-data", name);
}

}  // namespace omashu::cli
