// Rows of a table for people: a column for the key, for each field of the values, and for the time of the record.

#pragma once

#include <string>
#include <vector>

#include "table/row.h"

namespace omashu::cli {

// `width` as text_table takes it.
std::string row_table(const std::vector<table::Row>& rows, size_t width);

// Columns of the terminal behind stdout; 0 where there is none.
size_t terminal_width();

}  // namespace omashu::cli
