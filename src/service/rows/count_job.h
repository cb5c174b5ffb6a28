// GET …/count: rows counted by the values of fields, with sums of others. What an index counts already is read from its
// counters; anything else goes through the rows, on the executor and piece by piece.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/executor.h"
#include "http/exchange.h"
#include "service/rows/row_scan.h"
#include "service/table_head.h"
#include "table/aggregation.h"

namespace omashu::service {

struct CountQuestion {
  http::ExchangePtr exchange;
  table::LiveTable* table = nullptr;
  std::shared_ptr<table::TypedTopic> typed;
  RowQuery query = {};  // its filter alone
  std::vector<table::FieldPath> by = {};
  std::vector<table::Aggregate> aggregates = {};
};

std::vector<Parameter> count_parameters();
Answer<CountQuestion> parse_count_question(const http::ExchangePtr& exchange, table::LiveTable& table);

class CountJob : public std::enable_shared_from_this<CountJob> {
 public:
  // On a thread of the executor, which outlives the job.
  static void start(CountQuestion question, Executor& executor);

 private:
  CountJob(CountQuestion question, Executor& executor, std::shared_ptr<const table::TableSnapshot> snapshot,
           table::Aggregation aggregation);

  void run();

  const CountQuestion question_;
  Executor& executor_;
  const std::shared_ptr<const table::TableSnapshot> snapshot_;
  const TableHead head_;
  RowScan scan_;
  RowParts parts_;
  const table::Aggregation aggregation_;
  table::AggregateTotals totals_;
  int64_t rows_ = 0;
  std::string contribution_;
  std::optional<Error> failure_;
};

}  // namespace omashu::service
