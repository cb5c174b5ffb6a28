// How the key of a compacted topic becomes the primary key of its rows.

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "avro/schema.h"
#include "flink/readable_schema.h"

namespace omashu::flink {

// A name that no other column has: underscores are put behind it until it is free.
std::string free_name(std::string name, const std::vector<std::string>& taken);

struct KeyColumns {
  std::vector<std::pair<std::string, std::string>> columns = {};  // names and types of those that the value lacks
  std::vector<std::string> primary_key = {};
  std::vector<std::string> logical = {};  // the columns that hold the key's fields, or the key that is no record
  std::vector<std::pair<std::string, std::string>> computed = {};  // names and what follows them
  std::vector<std::pair<std::string, std::string>> options = {};   // of the connector, but for the registry's address
  bool needs_registry = false;
  std::vector<std::string> remarks = {};
};

// `key` is null where keys have no schema: they are text then. `value` is null where values have none.
KeyColumns key_columns(const avro::Node* key, const ReadableSchema* value,
                       const std::vector<std::string>& value_columns);

}  // namespace omashu::flink
