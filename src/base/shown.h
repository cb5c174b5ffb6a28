// Text from outside, as a message shows it.

#pragma once

#include <string>
#include <string_view>

namespace omashu {

// In quotes, control bytes replaced, and cut where it is long.
std::string shown(std::string_view text);

}  // namespace omashu
