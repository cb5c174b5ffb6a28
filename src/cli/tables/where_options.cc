#include "cli/tables/where_options.h"

#include <fmt/core.h>

#include "cli/option_parser.h"

namespace omashu::cli {

void WhereOptions::declare(OptionParser& options, const std::string& what) {
  options.option("--where", "CONDITION", where_,
                 fmt::format("only {} for which this holds: FIELD=VALUE, or != < <= > >= ~, in(A,B), is null, is not "
                             "null; FIELD may be a.b, key.a asks the key; several must all hold",
                             what));
  options.option("--or-where", "CONDITION", or_where_, fmt::format("and {} for which this one alone holds", what));
}

Result<void> WhereOptions::check() {
  auto filter = table::Filter::parse(where_, or_where_);
  if (!filter) return fail(std::move(filter.error()).within("--where"));
  filter_ = *std::move(filter);
  return {};
}

}  // namespace omashu::cli
