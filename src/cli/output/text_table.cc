#include "cli/output/text_table.h"

#include <algorithm>
#include <cctype>

#include "cli/output/display_width.h"

namespace omashu::cli {

namespace {

using Cells = TextTable::Cells;

constexpr size_t kGap = 2;
constexpr size_t kNarrowestCells = 6;
constexpr size_t kNarrowestTitle = 10;  // a longer title may be cut to this

template <class Columns, class Width>
size_t line_width(const Columns& columns, Width width) {
  size_t sum = kGap * (columns.empty() ? 0 : columns.size() - 1);
  for (const auto& column : columns) sum += column.*width;
  return sum;
}

// The words of a title, each for a line: at spaces, and behind _ and - where the title is long.
Cells words_of(const std::string& title) {
  const bool is_long = display_width(title) > kNarrowestTitle;
  Cells words(1);
  for (const char c : title) {
    if (c == ' ') {
      words.emplace_back();
      continue;
    }
    words.back() += c;
    if (is_long && (c == '_' || c == '-') && !std::isdigit(static_cast<unsigned char>(words.back()[0])))
      words.emplace_back();
  }
  if (words.size() > 1 && words.back().empty()) words.pop_back();
  return words;
}

// How many of the widths, the greatest first, are above `width`.
size_t cells_cut(const std::vector<size_t>& cell_widths, size_t width) {
  return static_cast<size_t>(std::ranges::lower_bound(cell_widths, width, std::greater()) - cell_widths.begin());
}

}  // namespace

TextTable::Column TextTable::measured(size_t index, const std::vector<Cells>& rows) const {
  Column column{.index = index, .width = 0, .narrowest = 0, .cell_widths = {}, .is_empty = true};
  size_t title_width = 0;
  for (const std::string& line : title_lines_[index]) title_width = std::max(title_width, display_width(line));
  for (const Cells& row : rows) {
    if (index >= row.size()) continue;
    column.cell_widths.push_back(display_width(row[index]));
    column.is_empty = column.is_empty && row[index].empty();
  }
  std::ranges::sort(column.cell_widths, std::greater());
  column.width = std::max(title_width, column.cell_widths.empty() ? 0 : column.cell_widths.front());
  column.narrowest = std::min(column.width, std::max(kNarrowestCells, std::min(title_width, kNarrowestTitle)));
  return column;
}

void TextTable::leave_out(std::vector<Column>& columns) const {
  while (columns.size() > 1 && line_width(columns, &Column::narrowest) > width_) {
    const auto empty = std::find_if(columns.rbegin(), columns.rend(), [](const Column& c) { return c.is_empty; });
    columns.erase(empty == columns.rend() ? columns.end() - 1 : empty.base() - 1);
  }
}

// Takes a column of the terminal at a time from where that cuts the fewest cells; of several, from the widest. Titles
// are cut before any cell.
void TextTable::fit(std::vector<Column>& columns) const {
  while (line_width(columns, &Column::width) > width_) {
    Column* best = nullptr;
    size_t fewest = 0;
    for (Column& column : columns) {
      if (column.width <= column.narrowest) continue;
      const size_t cut = cells_cut(column.cell_widths, column.width - 1);
      if (best == nullptr || cut < fewest || (cut == fewest && column.width > best->width))
        best = &column, fewest = cut;
    }
    if (best == nullptr) return;
    --best->width;
  }
}

void TextTable::choose_columns(const std::vector<Cells>& rows) {
  const auto measure_all = [&] {
    columns_.clear();
    for (size_t i = 0; i < titles_.size(); ++i) columns_.push_back(measured(i, rows));
  };
  title_lines_.clear();
  for (const std::string& title : titles_) title_lines_.push_back({title});
  measure_all();
  if (width_ == 0 || line_width(columns_, &Column::width) <= width_) return;
  for (size_t i = 0; i < titles_.size(); ++i) title_lines_[i] = words_of(titles_[i]);
  measure_all();
  leave_out(columns_);
  fit(columns_);
}

std::string TextTable::lines(const Cells& titles, const std::vector<Cells>& rows) {
  if (titles.empty()) return "";
  std::string out;
  if (titles != titles_) {
    titles_ = titles;
    choose_columns(rows);
    append_titles(out);
  } else {
    for (Column& column : columns_) {
      const size_t width = column.width;
      column = measured(column.index, rows);
      column.width = std::max(column.width, width);
    }
    if (width_ != 0) fit(columns_);
  }
  for (const Cells& row : rows) append_line(out, row);
  return out;
}

// Titles stand on their columns, the shorter ones lower.
void TextTable::append_titles(std::string& out) const {
  size_t height = 1;
  for (const Column& column : columns_) height = std::max(height, title_lines_[column.index].size());
  for (size_t line = 0; line < height; ++line) {
    Cells cells(titles_.size());
    for (size_t i = 0; i < titles_.size(); ++i) {
      const size_t missing = height - std::min(height, title_lines_[i].size());
      if (line >= missing) cells[i] = title_lines_[i][line - missing];
    }
    append_line(out, cells);
  }
}

void TextTable::append_line(std::string& out, const Cells& cells) const {
  std::string line;
  for (const Column& column : columns_) {
    const std::string cell =
        column.index < cells.size() ? cut_to_width(printable(cells[column.index]), column.width) : "";
    line += cell;
    line.append(column.width - std::min(column.width, display_width(cell)) + kGap, ' ');
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out += line + '\n';
}

Cells TextTable::left_out() const {
  Cells left_out;
  for (size_t i = 0; i < titles_.size(); ++i) {
    if (std::ranges::find(columns_, i, &Column::index) == columns_.end())
      left_out.push_back(titles_[i].substr(0, titles_[i].find(' ')));
  }
  return left_out;
}

std::string text_table(const std::vector<std::string>& titles, const std::vector<std::vector<std::string>>& rows,
                       size_t width) {
  return TextTable(width).lines(titles, rows);
}

}  // namespace omashu::cli
