// "1 topic", "2 topics".

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace omashu {

// `noun` is one whose plural ends in s.
std::string counted(size_t count, std::string_view noun);

}  // namespace omashu
