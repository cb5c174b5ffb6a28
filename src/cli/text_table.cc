#include "cli/text_table.h"

#include <algorithm>

#include "base/utf8.h"

namespace omashu::cli {

namespace {

constexpr size_t kGap = 2;
constexpr size_t kNarrowest = 6;  // no column is cut below

// Characters, each taken to be one column wide.
size_t width_of(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string printable(const std::string& text) {
  std::string out = text;
  for (char& c : out) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) c = '?';
  }
  return out;
}

std::string cut(const std::string& text, size_t width) {
  if (width_of(text) <= width) return text;
  size_t bytes = 0;
  for (size_t characters = 0; characters + 1 < width; ++characters) {
    bytes += std::max<size_t>(1, utf8_character_length(std::string_view(text).substr(bytes)));
  }
  return text.substr(0, bytes) + "…";
}

void fit(std::vector<size_t>& widths, size_t width) {
  const auto line = [&] {
    size_t sum = kGap * (widths.size() - 1);
    for (const size_t one : widths) sum += one;
    return sum;
  };
  while (line() > width) {
    const auto widest = std::ranges::max_element(widths);
    if (*widest <= kNarrowest) return;
    --*widest;
  }
}

void append_line(std::string& out, const std::vector<std::string>& cells, const std::vector<size_t>& widths) {
  std::string line;
  for (size_t i = 0; i < widths.size(); ++i) {
    const std::string cell = i < cells.size() ? cut(printable(cells[i]), widths[i]) : "";
    line += cell;
    line.append(widths[i] - width_of(cell) + kGap, ' ');
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out += line + '\n';
}

}  // namespace

std::string text_table(const std::vector<std::string>& titles, const std::vector<std::vector<std::string>>& rows,
                       size_t width) {
  if (titles.empty()) return "";
  std::vector<size_t> widths;
  for (const std::string& title : titles) widths.push_back(width_of(title));
  for (const auto& row : rows) {
    for (size_t i = 0; i < std::min(row.size(), widths.size()); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  if (width != 0) fit(widths, width);
  std::string out;
  append_line(out, titles, widths);
  for (const auto& row : rows) append_line(out, row, widths);
  return out;
}

}  // namespace omashu::cli
