// What is known of the terminal that a command prints to.

#pragma once

#include <cstddef>

namespace omashu::cli {

// Columns of the terminal behind this file descriptor: what it says, else the variable COLUMNS, else 80.
size_t terminal_width(int file_descriptor);

bool is_terminal(int file_descriptor);

// Whether lines may be erased and drawn again: on a terminal that does not call itself dumb (TERM=dumb).
bool may_redraw(int file_descriptor);

// Whether text may be coloured: where may_redraw(), and NO_COLOR (no-color.org) is not set.
bool may_colour(int file_descriptor);

}  // namespace omashu::cli
