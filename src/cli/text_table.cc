#include "cli/text_table.h"

#include <algorithm>

#include "cli/display_width.h"

namespace omashu::cli {

namespace {

using Cells = TextTable::Cells;

constexpr size_t kGap = 2;
constexpr size_t kNarrowest = 6;  // no column is cut below

size_t line_width(const std::vector<size_t>& widths) {
  size_t sum = kGap * (widths.empty() ? 0 : widths.size() - 1);
  for (const size_t width : widths) sum += width;
  return sum;
}

size_t narrowest_line(std::vector<size_t> widths) {
  for (size_t& width : widths) width = std::min(width, kNarrowest);
  return line_width(widths);
}

// The widths of the cells of one column, the widest first, its title among them.
std::vector<size_t> cell_widths(const std::string& title, const std::vector<Cells>& rows, size_t column) {
  std::vector<size_t> widths = {display_width(title)};
  for (const Cells& row : rows) {
    if (column < row.size()) widths.push_back(display_width(row[column]));
  }
  std::ranges::sort(widths, std::greater());
  return widths;
}

// How many cells are cut where the column has this width.
size_t cells_cut(const std::vector<size_t>& cell_widths, size_t width) {
  return static_cast<size_t>(std::ranges::lower_bound(cell_widths, width, std::greater()) - cell_widths.begin());
}

// Takes a column of the terminal at a time from where it cuts the fewest cells; of several, from the widest.
void fit(std::vector<size_t>& widths, const std::vector<std::vector<size_t>>& cells, size_t width) {
  while (line_width(widths) > width) {
    size_t best = widths.size(), best_cut = 0;
    for (size_t i = 0; i < widths.size(); ++i) {
      if (widths[i] <= kNarrowest) continue;
      const size_t cut = cells_cut(cells[i], widths[i] - 1);
      const bool is_better = best == widths.size() || cut < best_cut || (cut == best_cut && widths[i] > widths[best]);
      if (is_better) best = i, best_cut = cut;
    }
    if (best == widths.size()) return;
    --widths[best];
  }
}

void append_line(std::string& out, const Cells& cells, const std::vector<size_t>& widths) {
  std::string line;
  for (size_t i = 0; i < widths.size(); ++i) {
    const std::string cell = i < cells.size() ? cut_to_width(printable(cells[i]), widths[i]) : "";
    line += cell;
    line.append(widths[i] - std::min(widths[i], display_width(cell)) + kGap, ' ');
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out += line + '\n';
}

}  // namespace

void TextTable::lay_out(const Cells& titles, const std::vector<Cells>& rows, bool is_same_table) {
  std::vector<std::vector<size_t>> cells;
  std::vector<size_t> widths;
  const size_t columns = is_same_table ? widths_.size() : titles.size();
  for (size_t i = 0; i < columns; ++i) {
    cells.push_back(cell_widths(titles[i], rows, i));
    if (is_same_table) cells.back().insert(cells.back().begin(), std::max(widths_[i], cells.back().front()));
    widths.push_back(cells.back().front());
  }
  if (width_ != 0) {
    while (widths.size() > 1 && narrowest_line(widths) > width_) widths.pop_back();
    fit(widths, cells, width_);
  }
  widths_ = std::move(widths);
  titles_ = titles;
  left_out_.assign(titles.begin() + static_cast<std::ptrdiff_t>(widths_.size()), titles.end());
}

std::string TextTable::lines(const Cells& titles, const std::vector<Cells>& rows) {
  if (titles.empty()) return "";
  const bool is_same_table = titles == titles_;
  lay_out(titles, rows, is_same_table);
  std::string out;
  if (!is_same_table) append_line(out, titles, widths_);
  for (const Cells& row : rows) append_line(out, row, widths_);
  return out;
}

std::string text_table(const std::vector<std::string>& titles, const std::vector<std::vector<std::string>>& rows,
                       size_t width) {
  return TextTable(width).lines(titles, rows);
}

}  // namespace omashu::cli
