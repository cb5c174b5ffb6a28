// Rows in columns, for a terminal.

#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace omashu::cli {

// A table whose rows may come in parts: later ones keep the columns of those before, as long as they fit.
class TextTable {
 public:
  using Cells = std::vector<std::string>;

  // Lines are at most `width` columns wide; 0 is no limit.
  explicit TextTable(size_t width) : width_(width) {}

  // The lines of these rows, the titles above them where they are not those of the part before. Two spaces stand
  // between columns. Where the lines would be too long, columns are cut where that cuts the fewest cells, with `…` at
  // the end of a cell that is cut; and where even narrow columns do not fit, the last ones are left out. Control
  // characters in cells become `?`.
  std::string lines(const Cells& titles, const std::vector<Cells>& rows);

  // Those of the titles of the last part for which there was no room.
  const Cells& left_out() const { return left_out_; }

 private:
  void lay_out(const Cells& titles, const std::vector<Cells>& rows, bool is_same_table);

  size_t width_;
  Cells titles_;
  Cells left_out_;
  std::vector<size_t> widths_;  // of the columns that are shown
};

// A table in one part.
std::string text_table(const std::vector<std::string>& titles, const std::vector<std::vector<std::string>>& rows,
                       size_t width);

}  // namespace omashu::cli
