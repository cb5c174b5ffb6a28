#include "cli/row_table.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "base/json.h"
#include "cli/text_table.h"
#include "table/row_json.h"

namespace omashu::cli {

namespace {

// Strings without quotes, an absent value as nothing.
std::string cell_text(const json::Value& value) {
  if (value.is_null()) return "";
  return value.is_string() ? value.text() : json::to_text(value);
}

// The members of an object, or the value itself under `name`.
std::vector<json::Member> fields_of(std::string_view text, const std::string& name) {
  const auto parsed = json::parse(text);
  if (parsed && parsed->is_object()) return parsed->members();
  std::vector<json::Member> members;
  members.push_back({.name = name, .value = parsed ? *parsed : json::Value(text), .offset = 0});
  return members;
}

// The cells of one row, by the titles of their columns. A title that is new goes to the end.
class Columns {
 public:
  void set(std::vector<std::string>& cells, const std::string& title, const json::Value& value) {
    auto found = std::ranges::find(titles_, title);
    if (found == titles_.end()) found = titles_.insert(titles_.end(), title);
    const auto index = static_cast<size_t>(found - titles_.begin());
    if (cells.size() <= index) cells.resize(index + 1);
    cells[index] = cell_text(value);
  }
  std::vector<std::string>& titles() { return titles_; }

 private:
  std::vector<std::string> titles_;
};

}  // namespace

std::string row_table(const std::vector<table::Row>& rows, size_t width) {
  Columns columns;
  std::vector<std::vector<std::string>> lines;
  for (const table::Row& row : rows) {
    std::vector<std::string>& cells = lines.emplace_back();
    // A field of the value that the key has too stands in one column.
    for (const json::Member& member : fields_of(row.key, "key")) columns.set(cells, member.name, member.value);
    for (const json::Member& member : fields_of(row.value.value_or("null"), "value")) {
      columns.set(cells, member.name, member.value);
    }
  }
  const size_t fields = columns.titles().size();
  for (size_t i = 0; i < rows.size(); ++i) {
    lines[i].resize(fields);
    lines[i].push_back(table::timestamp_text(rows[i].timestamp_ms));
    lines[i].push_back(fmt::format("{}-{}", rows[i].position.partition, rows[i].position.offset));
  }
  columns.titles().insert(columns.titles().end(), {"(timestamp)", "(partition-offset)"});
  return text_table(columns.titles(), lines, width);
}

size_t terminal_width() {
  winsize size = {};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

}  // namespace omashu::cli
