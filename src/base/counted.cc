#include "base/counted.h"

#include <fmt/core.h>

namespace omashu {

std::string counted(size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace omashu
