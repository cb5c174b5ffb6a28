// Whether values that are to be written keep to the transitions of the value's schema: `omashu put
// --check-transitions`.
//
// The rows are read once, before the first value; from there on, what this command writes is added. What others write
// meanwhile is not seen: a server of the table is who can order writes.

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/tables/table_loader.h"
#include "table/latest_table.h"

namespace omashu::cli {

class TransitionCheck {
 public:
  // Reads the row of one key, as a person gives it; without it, all rows. Both references must outlive the check.
  static Result<TransitionCheck> open(Context& context, Cluster& cluster, const std::string& topic,
                                      const std::optional<std::string>& key);

  // That the key's value may become this one, which is its value for the next check then. kConflict where it may not;
  // any other error is the registry's.
  Result<void> check_next(const std::string& key_bytes, std::string_view value_bytes);

 private:
  explicit TransitionCheck(TableLoader loader) : loader_(std::move(loader)) {}

  Result<void> load(const std::optional<std::string>& key);

  TableLoader loader_;
  std::unique_ptr<table::LatestTable> table_;   // absent: the schema has no transitions
  std::map<std::string, std::string> written_;  // StoredValues by logical key
};

}  // namespace omashu::cli
