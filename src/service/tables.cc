#include "service/tables.h"

namespace omashu::service {

table::LiveTable* Tables::find(std::string_view topic) const {
  for (const auto& table : tables_) {
    if (table->topic() == topic) return table.get();
  }
  return nullptr;
}

}  // namespace omashu::service
