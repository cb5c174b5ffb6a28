// What a read asks of the state that it is answered from: ?after=POSITIONS&wait=5s, ?max-lag=2s.

#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "http/message.h"
#include "service/operation.h"
#include "service/table_head.h"
#include "table/live/live_table.h"

namespace omashu::service {

struct ReadOptions {
  std::optional<table::PositionSet> after = {};
  std::chrono::milliseconds wait{5'000};
  std::optional<std::chrono::milliseconds> max_lag = {};

  bool is_asked() const { return after || max_lag; }
};

std::vector<Parameter> read_parameters();

Answer<ReadOptions> parse_read_options(const http::Request& request, const table::LiveTable& table);

// Calls `proceed` once the state is as asked for: at once, on this thread, where it is already; else from another one.
// Where it does not come to be in time, the exchange is answered.
void when_fresh(table::LiveTable& table, const http::ExchangePtr& exchange, const ReadOptions& options,
                std::function<void()> proceed);

}  // namespace omashu::service
