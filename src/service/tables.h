// The tables that a service serves, by their topics' names. Tables may come while it runs; none goes. Thread-safe.

#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "table/live/live_table.h"

namespace omashu::service {

class Tables {
 public:
  explicit Tables(std::vector<std::shared_ptr<table::LiveTable>> tables);

  // One whose topic has a table already is not added.
  void add(std::shared_ptr<table::LiveTable> table) EXCLUDES(mutex_);

  // Null where there is no such table; else it lives as long as this.
  table::LiveTable* find(std::string_view topic) const EXCLUDES(mutex_);
  std::vector<std::shared_ptr<table::LiveTable>> all() const EXCLUDES(mutex_);  // in the order in which they came

 private:
  mutable SharedMutex mutex_;
  std::vector<std::shared_ptr<table::LiveTable>> tables_ GUARDED_BY(mutex_);
  std::map<std::string, table::LiveTable*, std::less<>> by_topic_ GUARDED_BY(mutex_);
};

}  // namespace omashu::service
