#include "service/table_head.h"

#include <fmt/core.h>

#include "base/duration.h"

namespace omashu::service {

TableHead::TableHead(const table::LiveTable& table)
    : position(table::position_set_text(table.positions())), lag(table.lag()) {}

TableHead::TableHead(const table::LiveTable& table, const table::TableSnapshot& snapshot)
    : position(table::position_set_text(snapshot.positions())), lag(table.lag()) {}

void TableHead::add_to(std::vector<http::Field>& fields) const {
  fields.push_back({"Omashu-Position", position});
  fields.push_back({"Omashu-Lag", std::to_string(lag.count())});
}

Problem too_stale(const TableHead& head, std::chrono::milliseconds max_lag) {
  Problem problem{.type = ProblemType::kTooStale,
                  .detail = fmt::format("the table is {} behind its topic, and at most {} were asked for: try again",
                                        duration_text(head.lag), duration_text(max_lag))};
  problem.members.push_back({"lagMs", static_cast<int64_t>(head.lag.count())});
  head.add_to(problem.fields);
  problem.fields.push_back({"Retry-After", "1"});
  return problem;
}

Problem restoring(const table::LiveTable& table, std::string detail) {
  const table::TableStatus status = table.status();
  Problem problem{.type = ProblemType::kRestoring, .detail = std::move(detail)};
  problem.members.push_back({"restored", status.restored});
  problem.members.push_back({"toRestore", status.to_restore});
  problem.fields.push_back({"Retry-After", "1"});
  return problem;
}

}  // namespace omashu::service
