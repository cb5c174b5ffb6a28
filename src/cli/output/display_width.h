// How many columns of a terminal a text takes.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace omashu::cli {

// East Asian wide characters and emoji count two, combining characters none. What is not UTF-8 counts one a byte.
size_t display_width(std::string_view text);

// The text, or as much of it as takes `width` columns with `…` at its end.
std::string cut_to_width(std::string_view text, size_t width);

// With `?` in place of control characters (C1 included), so that a text from outside cannot steer the terminal.
std::string printable(std::string_view text);

}  // namespace omashu::cli
