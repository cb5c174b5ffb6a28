// Writes the rows of a batch within a transaction, and finds those that the server refuses.
//
// It is made for one table as it is, and made anew where the schemas or the table change.

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "sink/postgres/connection.h"
#include "sink/postgres/field_arrays.h"
#include "sink/postgres/latest_of_keys.h"
#include "sink/postgres/record_fields.h"
#include "sink/postgres/table_changes.h"
#include "sink/postgres/table_shape.h"
#include "sink/sink.h"

namespace omashu::sink::postgres {

struct RowWriterOptions {
  Mode mode = Mode::kLatest;
  bool flags_tombstones = false;
  size_t copy_rows = 10'000;  // from how many rows on COPY is faster than arrays: see docs/benchmarks.md
};

struct RowCounts {
  int64_t written = 0;  // inserted or updated
  int64_t deleted = 0;
};

class RowWriter {
 public:
  // The shape's columns are all in the table. `key` and `value` must outlive it.
  static Result<std::unique_ptr<RowWriter>> make(TableShape shape, const ActualTable& table, const PartSchema& key,
                                                 const PartSchema& value, const RowWriterOptions& options);

  // Writes the records, within the transaction that is open. With `is_careful`, which costs a savepoint for each
  // statement, rows that the server refuses are found and told; without, the first of them fails as kSetAside, and the
  // transaction is of no more use.
  DatabaseResult<RowCounts> write(Connection& connection, std::span<const SinkRecord> records, bool is_careful,
                                  std::vector<Rejected>& rejected, const std::stop_token& stop);

  const TableShape& shape() const { return shape_; }

 private:
  enum class Action : uint8_t { kUpsert, kAppend, kFlag, kDelete };
  struct Statement {
    ColumnChoice columns;
    std::string from_arrays;
    std::string from_staging;
  };

  explicit RowWriter(TableShape shape, const RowWriterOptions& options) : shape_(std::move(shape)), options_(options) {}
  Statement make_statement(const ActualTable& table, Action action) const;
  const Statement& statement(Action action) const { return statements_[static_cast<size_t>(action)]; }

  struct Call {
    Connection& connection;
    std::span<const SinkRecord> records;
    bool is_careful;
    std::vector<Rejected>& rejected;
    const std::stop_token& stop;
    RowCounts counts = {};
  };
  DatabaseResult<void> write_round(Call& call, const std::vector<size_t>& numbers);
  DatabaseResult<void> write_rows(Call& call, Action action, std::span<const size_t> numbers);
  DatabaseResult<void> write_careful(Call& call, Action action, FieldArrays& rows, std::span<const size_t> numbers);
  DatabaseResult<int64_t> run(Call& call, Action action, FieldArrays& rows) const;

  const TableShape shape_;
  const RowWriterOptions options_;
  std::vector<Statement> statements_;  // by Action
  std::unique_ptr<RecordFields> fields_;
};

}  // namespace omashu::sink::postgres
