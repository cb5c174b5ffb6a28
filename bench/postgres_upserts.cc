// The shape of other sinks to PostgreSQL, beside which bench/sinks measures omashu's: an upsert for each record, 3,000
// of them in a transaction, by a prepared statement. Rows are those of the topic status-download, as text parameters.
//
//   postgres_upserts DSN TABLE ROWS KEYS [pipelined]
//
// Each statement waits for its answer; with `pipelined` the 3,000 are sent at once, as JDBC's batches are by a driver
// that is told to. Prints rows a second.

#include <fmt/core.h>
#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

namespace {

constexpr int64_t kTransactionRows = 3'000;

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

void check(PGconn* connection, PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  PQclear(result);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_PIPELINE_SYNC) return;
  fmt::print(stderr, "postgres_upserts: {}", PQerrorMessage(connection));
  std::exit(1);
}

void run(PGconn* connection, const std::string& sql) { check(connection, PQexec(connection, sql.c_str())); }

struct Row {
  explicit Row(int64_t number, int64_t keys)
      : id(fmt::format("om-{}", static_cast<uint64_t>(number) * 2'654'435'761u % static_cast<uint64_t>(keys))),
        bytes(fmt::format("{}", number)),
        source(fmt::format(R"({{"url":"https://example.org/{}","sha256":null}})", id)) {}

  std::array<const char*, 9> values() const {
    return {id.c_str(),    "RUNNING", bytes.c_str(),          "1000000",
            nullptr,       "1",       "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z",
            source.c_str()};
  }
  std::string id, bytes, source;
};

// The answers of what was pipelined, up to the synchronization.
void read_answers(PGconn* connection, int64_t rows) {
  for (int64_t i = 0; i < rows; ++i) {
    check(connection, PQgetResult(connection));
    PQgetResult(connection);
  }
  check(connection, PQgetResult(connection));
}

void upsert(PGconn* connection, int64_t first, int64_t rows, int64_t keys, bool is_pipelined) {
  run(connection, "BEGIN");
  if (is_pipelined) PQenterPipelineMode(connection);
  for (int64_t number = first; number < first + rows; ++number) {
    const Row row(number, keys);
    const auto values = row.values();
    const int count = static_cast<int>(values.size());
    if (is_pipelined) {
      PQsendQueryPrepared(connection, "upsert", count, values.data(), nullptr, nullptr, 0);
    } else {
      check(connection, PQexecPrepared(connection, "upsert", count, values.data(), nullptr, nullptr, 0));
    }
  }
  if (is_pipelined) {
    PQpipelineSync(connection);
    read_answers(connection, rows);
    PQexitPipelineMode(connection);
  }
  run(connection, "COMMIT");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    fmt::print(stderr, "usage: postgres_upserts DSN TABLE ROWS KEYS [pipelined]\n");
    return 2;
  }
  const Connection connection(PQconnectdb(argv[1]), PQfinish);
  const std::string table = argv[2];
  const int64_t rows = std::atoll(argv[3]);
  const int64_t keys = std::atoll(argv[4]);
  const bool is_pipelined = argc > 5 && std::string_view(argv[5]) == "pipelined";

  run(connection.get(), "CREATE TABLE " + table +
                            R"( ("omashuId" text PRIMARY KEY, "status" text NOT NULL, "bytesSoFar" bigint NOT NULL, )"
                            R"("bytesTotal" bigint, "reason" text, "attempt" integer NOT NULL, )"
                            R"("requestedAt" timestamptz NOT NULL, "updatedAt" timestamptz NOT NULL, "source" jsonb))");
  const std::string statement =
      "INSERT INTO " + table +
      R"( VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT ("omashuId") DO UPDATE SET "status" = )"
      R"(excluded."status", "bytesSoFar" = excluded."bytesSoFar", "bytesTotal" = excluded."bytesTotal", "reason" = )"
      R"(excluded."reason", "attempt" = excluded."attempt", "requestedAt" = excluded."requestedAt", "updatedAt" = )"
      R"(excluded."updatedAt", "source" = excluded."source")";
  check(connection.get(), PQprepare(connection.get(), "upsert", statement.c_str(), 9, nullptr));

  const auto begun = std::chrono::steady_clock::now();
  for (int64_t first = 0; first < rows; first += kTransactionRows) {
    upsert(connection.get(), first, std::min(kTransactionRows, rows - first), keys, is_pipelined);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  fmt::print("{:.0f}\n", static_cast<double>(rows) / took.count());
}
