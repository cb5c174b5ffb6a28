// What GET …/rows asks for.

#pragma once

#include <memory>
#include <optional>
#include <string>

#include "http/exchange.h"
#include "service/rows/cursor_store.h"
#include "service/rows/row_query.h"
#include "table/live/live_table.h"

namespace omashu::service {

struct ListQuestion {
  http::ExchangePtr exchange;
  table::LiveTable* table = nullptr;
  std::shared_ptr<table::TypedTopic> typed;
  RowQuery query = {};
  std::optional<std::string> cursor = {};
  bool tells_orders = false;  // another member of the group puts the rows of several in order
};

// The row's JSON with the fields that were asked for. A value that does not decode takes nothing away from the others;
// an error is the registry's.
Result<void> append_row(std::string& out, const ListQuestion& question, const table::LiveRow& row);

}  // namespace omashu::service
