// ?history=N and ?at=TIME of one row: its earlier records, as far as the log still has them.

#pragma once

#include <optional>
#include <string>

#include "http/exchange.h"
#include "service/row_answer.h"

namespace omashu::service {

struct HistoryOptions {
  std::optional<size_t> records = {};  // so many, the newest first
  std::optional<int64_t> at_ms = {};   // none that is newer

  bool is_asked() const { return records || at_ms; }
};

std::vector<Parameter> history_parameters();
Answer<HistoryOptions> parse_history_options(const http::Request& request, int64_t now_ms);

// {"records":[…],"isComplete":…,"isScanned":…}; with `at_ms` alone the row as it was then. Waits for the brokers.
http::Response history_answer(const http::Request& request, const HistoryOptions& options, RowForm form,
                              const table::LiveTable& table, table::TypedTopic& typed,
                              schema_registry::Client& registry, const std::string& key);

extern const char* const kHistorySchema;

}  // namespace omashu::service
