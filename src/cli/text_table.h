// Rows in columns, for a terminal.

#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace omashu::cli {

// Columns as wide as their widest cell, two spaces between them. Where `width` is not 0 and the lines would be longer,
// the widest columns are cut, with `…` where something is missing. Control characters in cells become `?`.
std::string text_table(const std::vector<std::string>& titles, const std::vector<std::vector<std::string>>& rows,
                       size_t width);

}  // namespace omashu::cli
