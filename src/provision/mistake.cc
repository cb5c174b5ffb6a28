#include "provision/mistake.h"

#include <fmt/core.h>

namespace omashu::provision {

std::string mistake_text(const Mistake& mistake) {
  return fmt::format("{}:{}:{}: {}", mistake.place.file, mistake.place.position.line, mistake.place.position.column,
                     mistake.message);
}

std::string warning_text(const Mistake& warning) {
  return mistake_text({warning.place, "warning: " + warning.message});
}

}  // namespace omashu::provision
