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
  // between columns. Where the lines would be too long, titles of several words take several lines, columns are cut
  // where that cuts the fewest cells (`…` ends a cell that is cut), and what has no room even then is left out: first
  // columns without a single entry, then the last ones. Control characters in cells become `?`.
  std::string lines(const Cells& titles, const std::vector<Cells>& rows);

  // The first words of the titles of the last part for which there was no room.
  Cells left_out() const;

 private:
  struct Column {
    size_t index;                     // in the titles and in each row
    size_t width;                     // now
    size_t narrowest;                 // it is never cut below
    std::vector<size_t> cell_widths;  // of these rows, the widest first
    bool is_empty;
  };

  Column measured(size_t index, const std::vector<Cells>& rows) const;
  void choose_columns(const std::vector<Cells>& rows);
  void leave_out(std::vector<Column>& columns) const;
  void fit(std::vector<Column>& columns) const;
  void append_titles(std::string& out) const;
  void append_line(std::string& out, const Cells& cells) const;

  size_t width_;
  Cells titles_;
  std::vector<std::vector<std::string>> title_lines_;  // of each title, from top to bottom
  std::vector<Column> columns_;                        // those that are shown
};

// A table in one part.
std::string text_table(const std::vector<std::string>& titles, const std::vector<std::vector<std::string>>& rows,
                       size_t width);

}  // namespace omashu::cli
