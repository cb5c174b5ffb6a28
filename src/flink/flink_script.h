// The whole of what `omashu flink-sql` prints.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flink/postgres_tables.h"
#include "flink/source_table.h"
#include "provision/desired.h"

namespace omashu::flink {

struct ScriptOptions {
  SourceOptions source = {};
  std::optional<JdbcOptions> jdbc = {};  // tables over PostgreSQL too, and a job that fills them
  std::vector<std::string> topics = {};  // only these; all where there are none
};

struct Script {
  std::string text;                        // statements, each followed by an empty line
  std::string postgres = {};               // with JdbcOptions: what makes the tables in PostgreSQL
  std::vector<std::string> warnings = {};  // topics that have no table, and fields that no table has
};

// kNotFound where a topic of `topics` is not in the file.
Result<Script> flink_script(const provision::Desired& desired, const ScriptOptions& options);

}  // namespace omashu::flink
