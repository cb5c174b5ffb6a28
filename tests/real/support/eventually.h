// Waiting for what another process or another thread brings about.

#pragma once

#include <functional>

namespace omashu::real {

// Asks again and again, for a minute and a half at most; whether it came true.
bool eventually(const std::function<bool()>& is_so);

}  // namespace omashu::real
