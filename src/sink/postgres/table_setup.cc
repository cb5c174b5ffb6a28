#include "sink/postgres/table_setup.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

namespace omashu::sink::postgres {

namespace {

// Members that start together take turns in changing tables: a lock of the application's own, by a number that is ours.
constexpr const char* kLock = "SELECT pg_advisory_xact_lock(7236834129)";

DatabaseFailure stop_with(std::string message) {
  return {.remedy = Remedy::kStop, .sqlstate = "", .error = {ErrorCode::kInvalidArgument, std::move(message), {}}};
}

std::string listed(const std::vector<std::string>& statements) {
  return fmt::format("{};", fmt::join(statements, "; "));
}

struct Change {
  std::vector<std::string> statements;
  bool is_allowed = false;
  std::string refusal;  // where it is not
};

Change change_for(const TableShape& shape, const std::optional<ActualTable>& table, const SetupOptions& options) {
  const std::string name = shape.table.quoted();
  if (!table) {
    auto statements = creation_statements(shape);
    std::string refusal =
        fmt::format("there is no table {}: make it with --create, or by {}", name, listed(statements));
    return {.statements = std::move(statements), .is_allowed = options.creates, .refusal = std::move(refusal)};
  }
  TableChanges changes = changes_for(shape, *table);
  if (!changes.refusals.empty()) {
    return {.statements = {},
            .is_allowed = false,
            .refusal = fmt::format("table {} does not suit: {}", name, fmt::join(changes.refusals, "; "))};
  }
  std::string refusal =
      fmt::format("table {} does not suit: change it with --evolve, or by {}", name, listed(changes.statements));
  const bool is_allowed = changes.statements.empty() || options.evolves;
  return {.statements = std::move(changes.statements), .is_allowed = is_allowed, .refusal = std::move(refusal)};
}

DatabaseResult<void> run_all(Connection& connection, const std::vector<std::string>& statements,
                             const std::stop_token& stop) {
  for (const std::string& statement : statements) {
    auto done = connection.run(statement, stop);
    if (done) continue;
    DatabaseFailure failed = std::move(done.error());
    if (failed.remedy == Remedy::kSetAside) failed.remedy = Remedy::kStop;  // rows that are there do not suit
    failed.error = std::move(failed.error).within(statement);
    return std::unexpected(std::move(failed));
  }
  return {};
}

// Reads the table again under the lock, and changes what still has to be.
DatabaseResult<void> change(Connection& connection, const TableShape& shape, const SetupOptions& options,
                            std::vector<std::string>& done, const std::stop_token& stop) {
  if (auto begun = run_all(connection, {"BEGIN", kLock}, stop); !begun) return begun;
  const auto table = read_table(connection, shape.table, stop);
  if (!table) return std::unexpected(table.error());
  Change change = change_for(shape, *table, options);
  if (!change.is_allowed) return std::unexpected(stop_with(std::move(change.refusal)));
  if (auto changed = run_all(connection, change.statements, stop); !changed) return changed;
  if (auto committed = run_all(connection, {"COMMIT"}, stop); !committed) return committed;
  done = std::move(change.statements);
  return {};
}

}  // namespace

DatabaseResult<ActualTable> set_up_table(Connection& connection, const TableShape& shape, const SetupOptions& options,
                                         const std::stop_token& stop) {
  auto table = read_table(connection, shape.table, stop);
  if (!table) return std::unexpected(std::move(table.error()));
  const Change needed = change_for(shape, *table, options);
  if (!needed.is_allowed) return std::unexpected(stop_with(needed.refusal));
  if (*table && needed.statements.empty()) return **std::move(table);

  std::vector<std::string> done;
  if (auto changed = change(connection, shape, options, done, stop); !changed) {
    if (connection.is_open()) (void)connection.run("ROLLBACK", stop);
    return std::unexpected(std::move(changed.error()));
  }
  for (const std::string& statement : done) options.on_statement(statement);
  table = read_table(connection, shape.table, stop);
  if (!table) return std::unexpected(std::move(table.error()));
  if (!*table) return std::unexpected(stop_with(fmt::format("table {} is gone again", shape.table.quoted())));
  return **std::move(table);
}

DatabaseResult<void> set_up_positions(Connection& connection, const TableName& table, const SetupOptions& options,
                                      const std::stop_token& stop) {
  const auto there = read_table(connection, table, stop);
  if (!there) return std::unexpected(there.error());
  if (*there) return {};
  const std::string statement = positions_creation(table);
  if (!options.creates) {
    return std::unexpected(stop_with(fmt::format(
        "there is no table {} for the positions: make it with --create, or by {};", table.quoted(), statement)));
  }
  if (auto made = run_all(connection, {"BEGIN", kLock, statement, "COMMIT"}, stop); !made) {
    if (connection.is_open()) (void)connection.run("ROLLBACK", stop);
    return made;
  }
  options.on_statement(statement);
  return {};
}

}  // namespace omashu::sink::postgres
