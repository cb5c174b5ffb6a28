#include "service/tables.h"

#include <utility>

namespace omashu::service {

Tables::Tables(std::vector<std::shared_ptr<table::LiveTable>> tables) {
  for (auto& table : tables) add(std::move(table));
}

void Tables::add(std::shared_ptr<table::LiveTable> table) {
  const WriterLock lock(mutex_);
  if (!by_topic_.emplace(table->topic(), table.get()).second) return;
  tables_.push_back(std::move(table));
}

table::LiveTable* Tables::find(std::string_view topic) const {
  const ReaderLock lock(mutex_);
  const auto found = by_topic_.find(topic);
  return found == by_topic_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<table::LiveTable>> Tables::all() const {
  const ReaderLock lock(mutex_);
  return tables_;
}

}  // namespace omashu::service
