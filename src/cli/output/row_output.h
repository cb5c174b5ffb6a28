// The one rule for what a command prints as rows: on a terminal a table, in a pipe a line of JSON each, and whatever
// --output says. A row is a JSON object; its members are the columns.
//
//   rows_.declare(options);                              // --output, --columns, --sort, -v
//   if (auto usable = rows_.check(); !usable) return …;  // in the command's check()
//   rows_.add(context.out, row);                         // in run(), for each row
//   rows_.finish(context);                               // after the last one

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "cli/command.h"
#include "cli/output/output.h"
#include "cli/output/text_table.h"
#include "table/field_path.h"

namespace omashu::cli {

class RowOutput {
 public:
  enum class Form : uint8_t {
    kTable,
    kFields,  // -v: a field a line, an empty line between rows
    kJson,
  };

  void declare(OptionParser& options);
  // For a command whose --output has further forms: without --output, which it sets here where it is one of these.
  void declare_columns(OptionParser& options);
  void set_output(std::string form) { output_ = std::move(form); }

  // Errors are usage errors.
  Result<void> check();

  Form form(const Output& out) const;

  // Whether lines of JSON go out as they are, so that a command which has them need not make a row of each.
  bool is_plain_json(const Output& out) const { return form(out) == Form::kJson && columns_.empty() && !sort_; }

  // The numbers of this column are bytes: a table shows them as "1.5 MiB", JSON as they are.
  void show_as_sizes(std::string column) { size_column_ = std::move(column); }

  // At most so many rows, the first in the order that was asked for.
  void limit(size_t rows) { limit_ = rows; }
  // No row that is added now would be printed.
  bool is_full() const { return limit_ && !sort_ && added_ >= *limit_; }

  // Rows of a table are gathered so that columns get their widths, and so are all where --sort is given. More than a
  // thousand are not kept without --sort.
  void add(Output& out, json::Value row);

  // Prints what was gathered, in its order. Rows that are added later continue the same table: a command that waits for
  // rows calls this before it waits, and has no limit.
  void flush(Output& out);

  // After the last row: fails where a name given to --columns or --sort is no column of any row, and says which columns
  // had no room.
  Result<void> finish(Context& context);

 private:
  struct Column {
    std::string name;
    std::optional<table::FieldPath> path;
    bool was_found = false;
  };

  static Result<Column> parse_column(const std::string& name, const std::string& option);
  static json::Value find(Column& column, const json::Value& row);
  Result<void> refuse_unknown(const Column& column, std::string_view option) const;
  json::Value selected(const json::Value& row);
  void sort_rows();
  std::string cell_of(const std::string& title, const json::Value* value) const;
  void print_table(Output& out);
  void print_fields(Output& out);

  std::optional<std::string> output_;
  bool is_verbose_ = false;
  std::optional<std::string> columns_text_;
  std::optional<std::string> sort_text_;

  std::vector<Column> columns_;  // of --columns; empty: all
  std::optional<Column> sort_;
  bool is_descending_ = false;

  std::string size_column_;  // "" where there is none
  std::optional<size_t> limit_;
  size_t added_ = 0;
  std::vector<json::Value> rows_;    // not printed yet
  std::vector<std::string> names_;   // of the columns of the first row, for suggestions; empty before it
  std::vector<std::string> titles_;  // of all columns so far, in the order of the table
  std::optional<TextTable> table_;
  bool has_printed_fields_ = false;
};

}  // namespace omashu::cli
