#include "cli/records/report_format.h"

#include <fmt/core.h>

#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "cli/output/text_table.h"

namespace omashu::cli {

void ReportFormat::declare(OptionParser& options) {
  options.choice("--output", "FORM", name, {"table", "json"},
                 "table, or json: an object a line (default: a table on a terminal, json elsewhere)");
}

bool ReportFormat::is_json(const Context& context) const { return name ? *name == "json" : !context.out.is_terminal(); }

void print_table(Context& context, const std::vector<std::string>& titles,
                 const std::vector<std::vector<std::string>>& rows) {
  context.out.text(text_table(titles, rows, context.out.terminal_width()));
}

std::string cell(std::optional<int64_t> number) { return number ? fmt::format("{}", *number) : "-"; }

}  // namespace omashu::cli
