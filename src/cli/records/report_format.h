// --output table|json of the commands that print several tables about one thing: without it a terminal gets the tables
// and a pipe gets an object a line. What is one table of rows is printed by RowOutput.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace omashu::cli {

struct ReportFormat {
  std::optional<std::string> name;

  void declare(OptionParser& options);
  bool is_json(const Context& context) const;
};

// Rows under titles, as wide as the terminal at most.
void print_table(Context& context, const std::vector<std::string>& titles,
                 const std::vector<std::vector<std::string>>& rows);

// What is not known is a dash in a table.
std::string cell(std::optional<int64_t> number);

}  // namespace omashu::cli
