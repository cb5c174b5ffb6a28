// Which tables are served, from a command line or from topics_and_schemas.txt.

#pragma once

#include <string>
#include <vector>

#include "omashu/result.h"
#include "provision/desired.h"
#include "table/live/table_options.h"

namespace omashu::cli {

struct TableArguments {
  std::vector<std::string> tables = {};   // --tables A,B
  std::vector<std::string> indexes = {};  // --index TOPIC:FIELD; FIELD alone where there is one table
  std::vector<std::string> ttls = {};     // --ttl TOPIC:DURATION[,FIELD]; the same
};

Result<std::vector<table::TableOptions>> table_options(const TableArguments& arguments);

// Every compacted topic that the file makes, with its index= and ttl=.
Result<std::vector<table::TableOptions>> tables_of(const provision::Desired& desired);

// Whether a cleanup.policy keeps the latest value of each key.
bool is_compacted_policy(std::string_view cleanup_policy);

}  // namespace omashu::cli
