#include "service/parts.h"

#include <fmt/core.h>

#include "base/nearest.h"
#include "base/shown.h"

namespace omashu::service {

Parameter table_parameter() {
  return {.name = "table", .place = Parameter::Place::kPath, .description = "the topic whose latest values it holds"};
}

Answer<table::LiveTable*> table_of(const Parts& parts, const http::Exchange& exchange) {
  const std::string& name = exchange.parameter("table");
  if (table::LiveTable* found = parts.tables.find(name)) return found;
  std::vector<std::string> names;
  for (const auto& table : parts.tables.all()) names.push_back(table->topic());
  return refuse(ProblemType::kUnknownTable,
                fmt::format("{} is none of the tables that are served{}", shown(name), did_you_mean(name, names)));
}

}  // namespace omashu::service
