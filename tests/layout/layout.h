// The house rules that a compiler does not hold: which folder may include which, which third-party library lives where,
// what is too costly to include, and how long a file may grow.

#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace omashu::layout {

// One line for each breach, "FILE:LINE: what, and what would be right", in the order of the files' names.
std::vector<std::string> find_breaches(const std::filesystem::path& root);

}  // namespace omashu::layout
