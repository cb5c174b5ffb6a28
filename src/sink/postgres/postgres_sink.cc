#include "sink/postgres/postgres_sink.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>

#include "sink/postgres/connection.h"
#include "sink/postgres/part_schema.h"
#include "sink/postgres/positions.h"
#include "sink/postgres/row_writer.h"

namespace omashu::sink::postgres {

namespace {

// An error of the registry: it is away, or what it holds is of no use.
WriteFailure registry_failure(Error error) {
  const bool may_pass = error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kTimeout ||
                        error.code == ErrorCode::kCancelled || error.code == ErrorCode::kIo;
  return may_pass ? WriteFailure::try_again(std::move(error)) : WriteFailure::stop(std::move(error));
}

class PostgresSink : public Sink {
 public:
  PostgresSink(schema_registry::Client& registry, PostgresOptions options)
      : options_(std::move(options)),
        key_(registry, options_.topic, serde::RecordPart::kKey),
        value_(registry, options_.topic, serde::RecordPart::kValue),
        positions_(options_.positions_table, options_.group, options_.table.quoted()) {}

  std::expected<Positions, WriteFailure> begin(std::span<const kafka::TopicPartition> partitions,
                                               const std::stop_token& stop) override {
    if (auto connected = connect(stop); !connected) return std::unexpected(std::move(connected.error()));
    if (!rows_) {
      if (auto refreshed = refresh(); !refreshed) return std::unexpected(std::move(refreshed.error()));
      // Where the topic has no subjects, its first record says what it holds.
      if (value_.latest() && (key_.latest() || options_.shape.mode == Mode::kHistory)) {
        if (auto set_up = set_up_rows(stop); !set_up) return std::unexpected(std::move(set_up.error()));
      }
    }
    auto claimed = positions_.claim(*connection_, partitions, stop);
    if (!claimed) return std::unexpected(lost(std::move(claimed.error())));
    return *std::move(claimed);
  }

  WriteResult write(const Batch& batch, Rejections& rejections, const std::stop_token& stop) override {
    if (!connection_ || !connection_->is_open()) {
      return std::unexpected(
          WriteFailure::try_again({ErrorCode::kUnavailable, "PostgreSQL: the connection broke", {}}));
    }
    if (auto learned = learn(batch.records, stop); !learned) return learned;
    std::vector<Rejected> rejected;
    auto written = write_transaction(batch, false, rejected, rejections, stop);
    if (!written && written.error().remedy == Remedy::kSetAside) {
      rejected.clear();
      written = write_transaction(batch, true, rejected, rejections, stop);
    }
    if (!written) {
      if (engine_failure_) return std::unexpected(*std::exchange(engine_failure_, std::nullopt));
      return std::unexpected(lost(std::move(written.error())));
    }
    positions_.moved(batch.next);
    rows_written_ += written->written;
    rows_deleted_ += written->deleted;
    return {};
  }

  void end(std::span<const kafka::TopicPartition> partitions) override { positions_.forget(partitions); }

  std::vector<SinkMetric> metrics() const override {
    const auto metric = [](const char* name, const char* help, const std::atomic<int64_t>& value) {
      return SinkMetric{.name = name, .help = help, .value = static_cast<double>(value.load())};
    };
    return {metric("omashu_sink_postgres_rows_written_total", "Rows inserted or updated.", rows_written_),
            metric("omashu_sink_postgres_rows_deleted_total", "Rows deleted.", rows_deleted_),
            metric("omashu_sink_postgres_connects_total", "Connections that were opened.", connects_)};
  }

 private:
  // A failure, as the engine is told it. A broken connection is given up; begin() opens another one.
  WriteFailure lost(DatabaseFailure failure) {
    if (connection_ && !connection_->is_open()) connection_.reset();
    return std::move(failure).for_engine();
  }

  std::expected<void, WriteFailure> connect(const std::stop_token& stop) {
    if (connection_ && connection_->is_open()) return {};
    connection_.reset();
    auto opened = Connection::open(options_.dsn, stop);
    if (!opened) return std::unexpected(std::move(opened.error()).for_engine());
    connection_ = *std::move(opened);
    ++connects_;
    // The table may be another one than before.
    rows_.reset();
    auto set_up = set_up_positions(*connection_, options_.positions_table, options_.setup, stop);
    if (!set_up) return std::unexpected(lost(std::move(set_up.error())));
    return {};
  }

  std::expected<bool, WriteFailure> refresh() {
    bool has_changed = false;
    for (PartSchema* part : {&key_, &value_}) {
      auto changed = part->refresh();
      if (!changed) return std::unexpected(registry_failure(std::move(changed.error())));
      has_changed = has_changed || *changed;
    }
    return has_changed;
  }

  // Makes everything ready for the schemas of these records.
  WriteResult learn(std::span<const SinkRecord> records, const std::stop_token& stop) {
    bool has_changed = false;
    for (const SinkRecord& record : records) {
      for (const auto& [part, schema] : {std::pair(&record.key, &key_), std::pair(&record.value, &value_)}) {
        if (!*part || schema->knows(**part)) continue;
        if ((*part)->schema_key) {
          // A schema that was not met before may be a newer version.
          auto changed = refresh();
          if (!changed) return std::unexpected(std::move(changed.error()));
          has_changed = has_changed || *changed;
        }
        has_changed = schema->learn(**part) || has_changed;
      }
    }
    // A new version makes writers unknown again that earlier records of the batch have.
    if (has_changed) {
      rows_.reset();
      for (const SinkRecord& record : records) {
        if (record.key && !key_.knows(*record.key)) key_.learn(*record.key);
        if (record.value && !value_.knows(*record.value)) value_.learn(*record.value);
      }
    }
    if (rows_) return {};
    const bool is_history = options_.shape.mode == Mode::kHistory;
    if (value_.latest() && (key_.latest() || is_history)) return set_up_rows(stop);
    return key_.latest() && !is_history ? set_up_tombstones(stop) : WriteResult();
  }

  // Of a topic whose values have no subject, tombstones are all that was read since the start. Their rows may be there
  // from before.
  WriteResult set_up_tombstones(const std::stop_token& stop) {
    const auto table = read_table(*connection_, options_.table, stop);
    if (!table) return std::unexpected(lost(table.error()));
    auto shape = shape_of(options_.table, key_.latest(), std::nullopt, options_.shape);
    if (!shape) return std::unexpected(WriteFailure::stop(std::move(shape.error()).within("topic " + options_.topic)));
    const bool is_there = *table && std::ranges::all_of(shape->columns, [&](const Column& column) {
      return (*table)->find(column.name) != nullptr;
    });
    return is_there ? make_rows(*std::move(shape), **table) : WriteResult();
  }

  WriteResult set_up_rows(const std::stop_token& stop) {
    auto shape = shape_of(options_.table, key_.latest(), value_.latest(), options_.shape);
    if (!shape) return std::unexpected(WriteFailure::stop(std::move(shape.error()).within("topic " + options_.topic)));
    const auto table = set_up_table(*connection_, *shape, options_.setup, stop);
    if (!table) return std::unexpected(lost(table.error()));
    return make_rows(*std::move(shape), *table);
  }

  WriteResult make_rows(TableShape shape, const ActualTable& table) {
    auto writer = RowWriter::make(std::move(shape), table, key_, value_,
                                  {.mode = options_.shape.mode,
                                   .flags_tombstones = options_.shape.flags_tombstones,
                                   .copy_rows = options_.copy_rows});
    if (!writer) return std::unexpected(WriteFailure::stop(std::move(writer.error())));
    rows_ = *std::move(writer);
    return {};
  }

  DatabaseResult<RowCounts> write_transaction(const Batch& batch, bool is_careful, std::vector<Rejected>& rejected,
                                              Rejections& rejections, const std::stop_token& stop) {
    auto written = write_uncommitted(batch, is_careful, rejected, rejections, stop);
    if (!written) {
      if (connection_->is_open()) (void)connection_->run("ROLLBACK", stop);
      return written;
    }
    // Where the connection breaks here, the next begin() tells whether the server has committed.
    if (auto committed = connection_->run("COMMIT", stop); !committed) {
      return std::unexpected(std::move(committed.error()));
    }
    return written;
  }

  DatabaseResult<RowCounts> write_uncommitted(const Batch& batch, bool is_careful, std::vector<Rejected>& rejected,
                                              Rejections& rejections, const std::stop_token& stop) {
    if (auto begun = connection_->run("BEGIN ISOLATION LEVEL READ COMMITTED", stop); !begun) {
      return std::unexpected(std::move(begun.error()));
    }
    // Constraints that wait for the end of the transaction would be met where no row can be told from another.
    if (is_careful) {
      if (auto set = connection_->run("SET CONSTRAINTS ALL IMMEDIATE", stop); !set) {
        return std::unexpected(std::move(set.error()));
      }
    }
    if (auto moved = positions_.move(*connection_, batch.next, stop); !moved) {
      return std::unexpected(std::move(moved.error()));
    }
    DatabaseResult<RowCounts> written = RowCounts{};
    if (rows_) {
      written = rows_->write(*connection_, batch.records, is_careful, rejected, stop);
    } else {
      // Tombstones and records without a key, of a topic whose schemas are not known yet, and no table: no row to
      // delete.
      for (size_t i = 0; i < batch.records.size(); ++i) {
        const bool is_history = options_.shape.mode == Mode::kHistory;
        if (!is_history && batch.records[i].key) continue;
        const char* reason = is_history ? "no schema of the topic's values is known yet" : "the record has no key";
        rejected.push_back({.index = i, .reason = {ErrorCode::kCorrupt, reason, {}}});
      }
    }
    if (!written || rejected.empty()) return written;
    if (auto told = rejections.set_aside(rejected); !told) {
      engine_failure_ = std::move(told.error());
      return std::unexpected(DatabaseFailure{.remedy = Remedy::kStop, .sqlstate = "", .error = engine_failure_->error});
    }
    return written;
  }

  const PostgresOptions options_;
  PartSchema key_, value_;
  StoredPositions positions_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<RowWriter> rows_;             // absent: not set up for the schemas as they are
  std::optional<WriteFailure> engine_failure_;  // of set_aside(), on its way to write()'s caller
  std::atomic<int64_t> rows_written_ = 0, rows_deleted_ = 0, connects_ = 0;
};

}  // namespace

std::unique_ptr<Sink> make_postgres_sink(schema_registry::Client& registry, PostgresOptions options) {
  return std::make_unique<PostgresSink>(registry, std::move(options));
}

}  // namespace omashu::sink::postgres
