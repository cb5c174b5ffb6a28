#include "cli/output/row_output.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "base/byte_size.h"
#include "base/nearest.h"
#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "cli/output/display_width.h"
#include "cli/output/time_column.h"

namespace omashu::cli {

namespace {

constexpr size_t kMaxGathered = 1'000;  // rows

// Strings without quotes, an absent value as nothing.
std::string cell_text(const json::Value* value) {
  if (value == nullptr || value->is_null()) return "";
  return value->is_string() ? value->text() : json::to_text(*value);
}

// Columns in parentheses tell of the record and not of its fields: they stand behind those.
bool is_about_record(std::string_view title) { return title.starts_with('('); }

std::string without_parentheses(const std::string& title) {
  return is_about_record(title) && title.ends_with(')') ? title.substr(1, title.size() - 2) : title;
}

void add_titles(std::vector<std::string>& titles, const json::Value& row) {
  for (const json::Member& member : row.members()) {
    if (std::ranges::find(titles, member.name) != titles.end()) continue;
    titles.insert(is_about_record(member.name) ? titles.end() : std::ranges::find_if(titles, is_about_record),
                  member.name);
  }
}

// Numbers before texts, and what is not there last, whatever the direction.
bool is_before(const json::Value& a, const json::Value& b, bool is_descending) {
  const auto rank = [](const json::Value& value) { return value.is_null() ? 2 : value.is_number() ? 0 : 1; };
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  if (a.is_null()) return false;
  const json::Value& first = is_descending ? b : a;
  const json::Value& second = is_descending ? a : b;
  if (!a.is_number()) return cell_text(&first) < cell_text(&second);
  const auto first_whole = first.as_int64(), second_whole = second.as_int64();
  if (first_whole && second_whole) return *first_whole < *second_whole;
  return first.as_double().value_or(INFINITY) < second.as_double().value_or(INFINITY);
}

}  // namespace

void RowOutput::declare(OptionParser& options) {
  options.heading("Output");
  options.choice("--output", "FORM", output_, {"table", "json"},
                 "table (default on a terminal), or json: a line each (default elsewhere)");
  declare_columns(options);
}

void RowOutput::declare_columns(OptionParser& options) {
  options.option("--columns", "NAME[,NAME]", columns_text_, "only these columns, in this order; NAME may be a.b");
  options.option("--sort", "[-]NAME", sort_text_, "order the rows by this column; - puts the greatest first");
  options.flag("-v,--verbose", is_verbose_, "one field a line instead of a table, nothing cut");
}

Result<RowOutput::Column> RowOutput::parse_column(const std::string& name, const std::string& option) {
  if (name.empty()) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("{}: a name is empty: write NAME or NAME,NAME", option));
  }
  Column column{.name = name, .path = std::nullopt, .was_found = false};
  if (is_about_record(name)) return column;
  auto path = table::FieldPath::parse(name);
  if (!path) return fail(std::move(path.error()).within(option));
  column.path = *std::move(path);
  return column;
}

Result<void> RowOutput::check() {
  if (is_verbose_ && output_ == "json") {
    return fail(ErrorCode::kInvalidArgument, "-v and --output json: give one of them");
  }
  if (columns_text_) {
    for (size_t start = 0; start <= columns_text_->size();) {
      const size_t comma = std::min(columns_text_->find(',', start), columns_text_->size());
      auto column = parse_column(columns_text_->substr(start, comma - start), "--columns");
      if (!column) return fail(std::move(column.error()));
      columns_.push_back(*std::move(column));
      start = comma + 1;
    }
  }
  if (sort_text_) {
    is_descending_ = sort_text_->starts_with('-');
    auto column = parse_column(sort_text_->substr(is_descending_ ? 1 : 0), "--sort");
    if (!column) return fail(std::move(column.error()));
    sort_ = *std::move(column);
  }
  return {};
}

RowOutput::Form RowOutput::form(const Output& out) const {
  if (is_verbose_) return Form::kFields;
  if (output_) return *output_ == "json" ? Form::kJson : Form::kTable;
  return out.is_terminal() ? Form::kTable : Form::kJson;
}

// The member of that name, with or without its parentheses, or what the path leads to; several as an array.
json::Value RowOutput::find(Column& column, const json::Value& row) {
  const json::Value* found = row.find(column.name);
  if (found == nullptr) found = row.find("(" + column.name + ")");
  if (found != nullptr) {
    column.was_found = true;
    return *found;
  }
  if (!column.path || row.find(column.name.substr(0, column.name.find_first_of(".["))) == nullptr) return {};
  column.was_found = true;
  const auto all = column.path->find_all(row);
  if (all.size() == 1) return *all.front();
  json::Value several = json::Value::array();
  for (const json::Value* one : all) several.append(*one);
  return several;
}

// The row with the chosen columns alone, in their order.
json::Value RowOutput::selected(const json::Value& row) {
  json::Value chosen = json::Value::object();
  for (Column& column : columns_) {
    chosen.add(without_parentheses(column.name), find(column, row));
  }
  return chosen;
}

void RowOutput::add(Output& out, json::Value row) {
  if (is_full()) return;
  if (names_.empty()) {
    for (const json::Member& member : row.members()) names_.push_back(without_parentheses(member.name));
  }
  if (form(out) == Form::kTable && columns_.empty()) add_titles(titles_, row);
  ++added_;
  rows_.push_back(std::move(row));
  if (!sort_ && (form(out) != Form::kTable || rows_.size() >= kMaxGathered)) flush(out);
}

void RowOutput::sort_rows() {
  if (!sort_) return;
  std::vector<std::pair<json::Value, json::Value>> keyed;
  for (json::Value& row : rows_) {
    json::Value key = find(*sort_, row);
    keyed.emplace_back(std::move(key), std::move(row));
  }
  std::ranges::stable_sort(
      keyed, [this](const auto& a, const auto& b) { return is_before(a.first, b.first, is_descending_); });
  rows_.clear();
  for (auto& [key, row] : keyed) rows_.push_back(std::move(row));
  if (limit_ && rows_.size() > *limit_) rows_.resize(*limit_);
}

void RowOutput::flush(Output& out) {
  if (rows_.empty()) return;
  sort_rows();
  if (!columns_.empty()) {
    for (json::Value& row : rows_) row = selected(row);
    titles_.clear();
    for (const Column& column : columns_) titles_.push_back(without_parentheses(column.name));
  }
  switch (form(out)) {
    case Form::kTable: print_table(out); break;
    case Form::kFields: print_fields(out); break;
    case Form::kJson:
      for (const json::Value& row : rows_) out.line(json::to_text(row));
      break;
  }
  rows_.clear();
}

std::string RowOutput::cell_of(const std::string& title, const json::Value* value) const {
  const auto bytes = value != nullptr && title == size_column_ ? value->as_int64() : std::nullopt;
  return bytes ? byte_size_text(*bytes) : cell_text(value);
}

void RowOutput::print_table(Output& out) {
  std::vector<std::string> titles = titles_;
  std::vector<TextTable::Cells> lines;
  for (const json::Value& row : rows_) {
    TextTable::Cells& cells = lines.emplace_back();
    for (const std::string& title : titles_) cells.push_back(cell_of(title, row.find(title)));
  }
  for (size_t i = 0; i < titles.size(); ++i) {
    std::vector<std::string*> cells;
    for (TextTable::Cells& line : lines) cells.push_back(&line[i]);
    shorten_times(titles[i], cells);
  }
  if (!table_) table_.emplace(out.terminal_width());
  out.text(table_->lines(titles, lines));
}

void RowOutput::print_fields(Output& out) {
  for (const json::Value& row : rows_) {
    size_t width = 0;
    for (const json::Member& member : row.members()) width = std::max(width, display_width(member.name));
    if (has_printed_fields_) out.line("");
    has_printed_fields_ = true;
    for (const json::Member& member : row.members()) {
      std::string line = printable(member.name);
      const std::string value = printable(cell_of(member.name, &member.value));
      if (!value.empty()) line.append(width - display_width(line) + 2, ' ').append(value);
      out.line(line);
    }
  }
}

Result<void> RowOutput::refuse_unknown(const Column& column, std::string_view option) const {
  if (names_.empty() || column.was_found) return {};
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("{}: no row has a column {}{}", option, column.name, did_you_mean(column.name, names_)));
}

Result<void> RowOutput::finish(Context& context) {
  flush(context.out);
  for (const Column& column : columns_) {
    if (auto known = refuse_unknown(column, "--columns"); !known) return known;
  }
  if (sort_) {
    if (auto known = refuse_unknown(*sort_, "--sort"); !known) return known;
  }
  if (table_ && !table_->left_out().empty() && context.messages.is_terminal()) {
    context.messages.note(
        fmt::format("no room for {}: choose with --columns, or see all with -v", fmt::join(table_->left_out(), ", ")));
  }
  return {};
}

}  // namespace omashu::cli
