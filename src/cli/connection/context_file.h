// The connections that a user has given names to, as `omashu context` keeps them: properties under librdkafka's names
// and the registry's, in one file that belongs to the user alone.
//
// {
//   "current": "staging",
//   "contexts": {
//     "staging": {"bootstrap.servers": "kafka:9093", "sasl.password": "env:KAFKA_PASSWORD"}
//   }
// }

#pragma once

#include <map>
#include <optional>
#include <string>

#include "cli/connection/connection.h"
#include "omashu/result.h"

namespace omashu::cli {

struct ContextFile {
  using Properties = std::map<std::string, std::string>;

  std::optional<std::string> current;  // a name among the contexts
  std::map<std::string, Properties> contexts;

  // The contexts of that name; the error suggests the nearest.
  Result<const Properties*> find(const std::string& name) const;

  // A file that is not there holds no contexts. One that others may write is refused: its commands would be theirs.
  static Result<ContextFile> load(const std::string& path);

  // In one step, with mode 0600.
  Result<void> save(const std::string& path) const;
};

// $XDG_CONFIG_HOME/omashu/contexts.json, or ~/.config/omashu/contexts.json; "" where neither is known.
std::string context_file_path(const Environment& environment);

// Letters, digits and . _ -
Result<void> check_context_name(const std::string& name);

}  // namespace omashu::cli
