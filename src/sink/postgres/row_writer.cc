#include "sink/postgres/row_writer.h"

#include <algorithm>

namespace omashu::sink::postgres {

namespace {

bool is_in_key(const TableShape& shape, const Column& column) {
  return std::ranges::find(shape.primary_key, column.name) != shape.primary_key.end();
}

}  // namespace

Result<std::unique_ptr<RowWriter>> RowWriter::make(TableShape shape, const ActualTable& table, const PartSchema& key,
                                                   const PartSchema& value, const RowWriterOptions& options) {
  std::unique_ptr<RowWriter> writer(new RowWriter(std::move(shape), options));
  auto fields = RecordFields::compile(writer->shape_, key, value);
  if (!fields) return fail(std::move(fields.error()));
  writer->fields_ = std::make_unique<RecordFields>(*std::move(fields));
  for (const Action action : {Action::kUpsert, Action::kAppend, Action::kFlag, Action::kDelete}) {
    writer->statements_.push_back(writer->make_statement(table, action));
  }
  return writer;
}

RowWriter::Statement RowWriter::make_statement(const ActualTable& table, Action action) const {
  Statement made;
  for (size_t i = 0; i < shape_.columns.size(); ++i) {
    const Column& column = shape_.columns[i];
    // A tombstone says nothing of the value, whose last state stays in a row that is flagged.
    const bool is_tombstone = action == Action::kFlag || action == Action::kDelete;
    if (is_tombstone && !is_in_key(shape_, column) && column.source == Source::kValue) continue;
    made.columns.written.push_back({.column = &column, .cast_type = table.find(column.name)->base_type});
    made.columns.indexes.push_back(i);
  }
  const auto text = [&](FieldSource source) {
    const auto& columns = made.columns.written;
    switch (action) {
      case Action::kAppend: return append_statement(shape_.table, columns, shape_.primary_key, source);
      case Action::kDelete: return delete_statement(shape_.table, columns, shape_.primary_key, source);
      case Action::kUpsert:
      case Action::kFlag: break;
    }
    return upsert_statement(shape_.table, columns, shape_.primary_key, source);
  };
  made.from_arrays = text(FieldSource::kArrays);
  made.from_staging = text(FieldSource::kStaging);
  return made;
}

DatabaseResult<RowCounts> RowWriter::write(Connection& connection, std::span<const SinkRecord> records, bool is_careful,
                                           std::vector<Rejected>& rejected, const std::stop_token& stop) {
  Call call = {
      .connection = connection, .records = records, .is_careful = is_careful, .rejected = rejected, .stop = stop};
  if (options_.mode == Mode::kHistory) {
    std::vector<size_t> all(records.size());
    for (size_t i = 0; i < all.size(); ++i) all[i] = i;
    if (auto written = write_rows(call, Action::kAppend, all); !written)
      return std::unexpected(std::move(written.error()));
    return call.counts;
  }
  LatestOfKeys keys;
  for (size_t i = 0; i < records.size(); ++i) {
    auto key = fields_->key_fields(records[i]);
    if (!key) {
      rejected.push_back({.index = i, .reason = std::move(key.error())});
      continue;
    }
    keys.add(*std::move(key), {.record = i,
                               .partition = records[i].partition,
                               .offset = records[i].offset,
                               .timestamp_ms = records[i].message->timestamp_ms});
  }
  // Where a record turns out to be no row, the one of its key before it is the latest.
  std::vector<size_t> round = keys.latest();
  while (!round.empty()) {
    const size_t told = rejected.size();
    if (auto written = write_round(call, round); !written) return std::unexpected(std::move(written.error()));
    std::vector<size_t> failed;
    for (size_t i = told; i < rejected.size(); ++i) failed.push_back(rejected[i].index);
    round = failed.empty() ? std::vector<size_t>() : keys.before(failed);
  }
  return call.counts;
}

DatabaseResult<void> RowWriter::write_round(Call& call, const std::vector<size_t>& numbers) {
  std::vector<size_t> values, tombstones;
  for (const size_t number : numbers) (call.records[number].value ? values : tombstones).push_back(number);
  if (auto written = write_rows(call, Action::kUpsert, values); !written) return written;
  return write_rows(call, options_.flags_tombstones ? Action::kFlag : Action::kDelete, tombstones);
}

DatabaseResult<void> RowWriter::write_rows(Call& call, Action action, std::span<const size_t> numbers) {
  FieldArrays rows(statement(action).columns.written);
  std::vector<size_t> good;
  for (const size_t number : numbers) {
    if (auto appended = fields_->append_row(call.records[number], statement(action).columns, rows)) {
      good.push_back(number);
    } else {
      call.rejected.push_back({.index = number, .reason = std::move(appended.error())});
    }
  }
  if (good.empty()) return {};
  if (call.is_careful) return write_careful(call, action, rows, good);
  const auto written = run(call, action, rows);
  if (!written) return std::unexpected(written.error());
  (action == Action::kDelete ? call.counts.deleted : call.counts.written) += *written;
  return {};
}

// Halves what the server refuses until a row is refused alone.
DatabaseResult<void> RowWriter::write_careful(Call& call, Action action, FieldArrays& rows,
                                              std::span<const size_t> numbers) {
  if (auto saved = call.connection.run("SAVEPOINT omashu_rows", call.stop); !saved) {
    return std::unexpected(std::move(saved.error()));
  }
  auto written = run(call, action, rows);
  if (written) {
    (action == Action::kDelete ? call.counts.deleted : call.counts.written) += *written;
    const auto released = call.connection.run("RELEASE SAVEPOINT omashu_rows", call.stop);
    if (!released) return std::unexpected(released.error());
    return {};
  }
  if (written.error().remedy != Remedy::kSetAside) return std::unexpected(std::move(written.error()));
  for (const char* undo : {"ROLLBACK TO SAVEPOINT omashu_rows", "RELEASE SAVEPOINT omashu_rows"}) {
    if (auto undone = call.connection.run(undo, call.stop); !undone) return std::unexpected(std::move(undone.error()));
  }
  if (numbers.size() == 1) {
    call.rejected.push_back({.index = numbers[0], .reason = std::move(written.error().error)});
    return {};
  }
  const size_t middle = numbers.size() / 2;
  for (const auto half : {numbers.first(middle), numbers.subspan(middle)}) {
    FieldArrays some(statement(action).columns.written);
    for (const size_t number : half) {
      (void)fields_->append_row(call.records[number], statement(action).columns, some);
    }
    if (auto done = write_careful(call, action, some, half); !done) return done;
  }
  return {};
}

DatabaseResult<int64_t> RowWriter::run(Call& call, Action action, FieldArrays& rows) const {
  const Statement& made = statement(action);
  // One staging table a transaction, and none where statements are repeated.
  const bool copies = !call.is_careful && rows.rows() >= options_.copy_rows &&
                      (action == Action::kUpsert || action == Action::kAppend) && call.counts.written == 0;
  if (!copies) {
    const auto written = call.connection.run(made.from_arrays, rows.parameters(), call.stop);
    if (!written) return std::unexpected(written.error());
    return written->affected();
  }
  if (auto staged = call.connection.run(staging_creation(made.columns.written), call.stop); !staged) {
    return std::unexpected(std::move(staged.error()));
  }
  if (auto copied = call.connection.copy(staging_copy(), rows.copy_data(), call.stop); !copied) {
    return std::unexpected(std::move(copied.error()));
  }
  const auto written = call.connection.run(made.from_staging, call.stop);
  if (!written) return std::unexpected(written.error());
  return written->affected();
}

}  // namespace omashu::sink::postgres
