// How far a table had been read, in the head of every answer about its rows.

#pragma once

#include <chrono>

#include "http/message.h"
#include "service/problem.h"
#include "table/live/live_table.h"

namespace omashu::service {

// Omashu-Position, Omashu-Lag (milliseconds). To be taken before the rows are read: they are at least as new.
struct TableHead {
  explicit TableHead(const table::LiveTable& table);
  TableHead(const table::LiveTable& table, const table::TableSnapshot& snapshot);

  void add_to(std::vector<http::Field>& fields) const;

  std::string position;
  std::chrono::milliseconds lag;
};

// The table is further behind its topic than `max_lag`.
Problem too_stale(const TableHead& head, std::chrono::milliseconds max_lag);

// The topic is still being read; the progress is in it.
Problem restoring(const table::LiveTable& table, std::string detail);

}  // namespace omashu::service
