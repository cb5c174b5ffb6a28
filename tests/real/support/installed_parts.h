// Where scripts/real-parts put what it prepared.

#pragma once

#include <cstdlib>
#include <string>

#include "omashu/result.h"

namespace omashu::real {

inline Result<std::string> installed_part(const std::string& variable) {
  const char* place = std::getenv(variable.c_str());
  if (place != nullptr) return place;
  return fail(ErrorCode::kNotFound,
              variable + " is not set: run scripts/test, or evaluate what scripts/real-parts prints");
}

}  // namespace omashu::real
