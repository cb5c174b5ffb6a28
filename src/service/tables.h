// The tables that a service serves, by their topics' names. Fixed while it runs. Thread-safe.

#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "table/live/live_table.h"

namespace omashu::service {

class Tables {
 public:
  explicit Tables(std::vector<std::shared_ptr<table::LiveTable>> tables) : tables_(std::move(tables)) {}

  table::LiveTable* find(std::string_view topic) const;  // null where there is no such table
  const std::vector<std::shared_ptr<table::LiveTable>>& all() const { return tables_; }

 private:
  const std::vector<std::shared_ptr<table::LiveTable>> tables_;
};

}  // namespace omashu::service
