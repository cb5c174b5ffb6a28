// --where and --or-where, which mean the same to every command that has them.

#pragma once

#include <string>
#include <vector>

#include "omashu/result.h"
#include "table/filter.h"

namespace omashu::cli {

class OptionParser;

class WhereOptions {
 public:
  // `what` is what the conditions pick: "rows", "records".
  void declare(OptionParser& options, const std::string& what);

  // Reads the conditions; after the command line was read, and before filter().
  Result<void> check();

  // Not bound to a schema yet.
  const table::Filter& filter() const { return filter_; }
  table::Filter& filter() { return filter_; }

 private:
  std::vector<std::string> where_;
  std::vector<std::string> or_where_;
  table::Filter filter_;
};

}  // namespace omashu::cli
