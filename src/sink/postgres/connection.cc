#include "sink/postgres/connection.h"

#include <fmt/core.h>
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>

namespace omashu::sink::postgres {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kConnectTimeout{15'000};
constexpr int kPollMs = 100;  // how soon a stop is seen
constexpr int kMinServerVersion = 120'000;

PGresult* as_result(void* result) { return static_cast<PGresult*>(result); }

// The first line, without "ERROR:  ".
std::string first_line(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  return std::string(text);
}

// libpq gives the SQLSTATE of a refused connection in the text alone, where it is asked to be verbose: "FATAL:  28P01:
// password authentication failed". With several hosts there is a line for each; one that may come back decides.
std::string sqlstate_in(std::string_view message) {
  std::string found;
  for (size_t at = message.find(":  "); at != std::string_view::npos; at = message.find(":  ", at + 1)) {
    const std::string_view code = message.substr(at + 3, 5);
    const bool is_code = code.size() == 5 && message.substr(at + 8, 2) == ": " && std::ranges::all_of(code, [](char c) {
                           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
                         });
    if (!is_code) continue;
    if (found.empty() || remedy_for(code) == Remedy::kTryAgain) found = code;
  }
  return found;
}

ErrorCode code_for(Remedy remedy, std::string_view sqlstate) {
  if (sqlstate.starts_with("28") || sqlstate == "42501") return ErrorCode::kUnauthorized;
  switch (remedy) {
    case Remedy::kTryAgain: return ErrorCode::kUnavailable;
    case Remedy::kSetAside: return ErrorCode::kCorrupt;
    case Remedy::kStop: return ErrorCode::kInvalidArgument;
  }
  return ErrorCode::kInternal;
}

DatabaseFailure failure(std::string sqlstate, std::string message) {
  const Remedy remedy = remedy_for(sqlstate);
  return {.remedy = remedy,
          .sqlstate = sqlstate,
          .error = {code_for(remedy, sqlstate),
                    sqlstate.empty() ? std::move(message) : fmt::format("{} (SQLSTATE {})", message, sqlstate),
                    {}}};
}

DatabaseFailure stopped() {
  return {.remedy = Remedy::kTryAgain,
          .sqlstate = "",
          .error = {ErrorCode::kCancelled, "stopped while PostgreSQL was at work", {}}};
}

void ignore_notice(void*, const char*) {}

}  // namespace

Rows::Rows(void* result) : result_(result, [](void* owned) { PQclear(as_result(owned)); }) {}

size_t Rows::size() const { return static_cast<size_t>(PQntuples(as_result(result_.get()))); }

std::optional<std::string_view> Rows::at(size_t row, size_t column) const {
  PGresult* result = as_result(result_.get());
  const int r = static_cast<int>(row);
  const int c = static_cast<int>(column);
  if (PQgetisnull(result, r, c) != 0) return std::nullopt;
  return std::string_view(PQgetvalue(result, r, c), static_cast<size_t>(PQgetlength(result, r, c)));
}

int64_t Rows::affected() const { return std::strtoll(PQcmdTuples(as_result(result_.get())), nullptr, 10); }

struct Connection::State {
  PGconn* connection = nullptr;
  bool is_broken = false;

  ~State() { PQfinish(connection); }

  std::string message() const {
    const std::string line = first_line(PQerrorMessage(connection));
    return line.empty() ? "the connection broke" : line;
  }

  // False where a stop was requested first.
  bool wait(short events, const std::stop_token& stop) const {
    pollfd waiting = {.fd = PQsocket(connection), .events = events, .revents = 0};
    while (!stop.stop_requested()) {
      if (poll(&waiting, 1, kPollMs) != 0) return true;
    }
    return false;
  }

  DatabaseFailure broken() {
    is_broken = true;
    return failure("", "PostgreSQL: " + message());
  }

  DatabaseFailure cancel() {
    is_broken = true;
    if (PGcancel* handle = PQgetCancel(connection)) {
      std::array<char, 256> ignored;
      PQcancel(handle, ignored.data(), static_cast<int>(ignored.size()));
      PQfreeCancel(handle);
    }
    return stopped();
  }

  DatabaseFailure server_failure(PGresult* result) {
    const char* sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char* primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (sqlstate == nullptr || PQstatus(connection) == CONNECTION_BAD) is_broken = true;
    if (sqlstate == nullptr) return failure("", "PostgreSQL: " + message());
    return failure(sqlstate, fmt::format("PostgreSQL: {}", primary == nullptr ? "" : primary));
  }

  // The next result of what was sent; nullptr at its end.
  DatabaseResult<PGresult*> next_result(const std::stop_token& stop) {
    for (;;) {
      const int flushed = PQflush(connection);
      if (flushed < 0) return std::unexpected(broken());
      if (flushed == 0 && PQisBusy(connection) == 0) return PQgetResult(connection);
      if (!wait(flushed > 0 ? POLLIN | POLLOUT : POLLIN, stop)) return std::unexpected(cancel());
      if (PQconsumeInput(connection) == 0) return std::unexpected(broken());
    }
  }

  // Reads all results; the first failure is told, else the last result.
  DatabaseResult<Rows> finish(const std::stop_token& stop) {
    std::optional<Rows> last;
    std::optional<DatabaseFailure> failed;
    for (;;) {
      const DatabaseResult<PGresult*> result = next_result(stop);
      if (!result) return std::unexpected(failed ? std::move(*failed) : result.error());
      if (*result == nullptr) break;
      const ExecStatusType status = PQresultStatus(*result);
      last.emplace(*result);
      if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && !failed) failed = server_failure(*result);
      if (PQstatus(connection) == CONNECTION_BAD) break;
    }
    if (failed) return std::unexpected(std::move(*failed));
    if (!last) return std::unexpected(broken());
    return std::move(*last);
  }
};

Connection::Connection(std::unique_ptr<State> state) : state_(std::move(state)) {}
Connection::~Connection() = default;

bool Connection::is_open() const { return !state_->is_broken && PQstatus(state_->connection) == CONNECTION_OK; }

std::string Connection::place() const {
  return fmt::format("{}:{}/{}", PQhost(state_->connection), PQport(state_->connection), PQdb(state_->connection));
}

DatabaseResult<std::unique_ptr<Connection>> Connection::open(const std::string& dsn, const std::stop_token& stop) {
  // Later entries win, so that the connection string may say otherwise. A server that is gone without a word is noticed
  // within half a minute.
  constexpr std::array<const char*, 8> kKeywords = {
      "fallback_application_name", "client_encoding",  "keepalives_idle", "keepalives_interval",
      "keepalives_count",          "tcp_user_timeout", "dbname",          nullptr};
  const std::array<const char*, 8> values = {"omashu", "UTF8", "10", "5", "3", "30000", dsn.c_str(), nullptr};
  auto state = std::make_unique<State>();
  state->connection = PQconnectStartParams(kKeywords.data(), values.data(), 1);
  PGconn* connection = state->connection;
  if (connection == nullptr) return std::unexpected(failure("53200", "PostgreSQL: out of memory"));
  PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);
  PQsetNoticeProcessor(connection, ignore_notice, nullptr);

  const auto deadline = steady_clock::now() + kConnectTimeout;
  PostgresPollingStatusType polled = PGRES_POLLING_WRITING;
  while (PQstatus(connection) != CONNECTION_BAD && polled != PGRES_POLLING_OK && polled != PGRES_POLLING_FAILED) {
    if (stop.stop_requested()) return std::unexpected(stopped());
    if (steady_clock::now() > deadline) return std::unexpected(failure("", "PostgreSQL does not answer"));
    pollfd waiting = {.fd = PQsocket(connection),
                      .events = static_cast<short>(polled == PGRES_POLLING_READING ? POLLIN : POLLOUT),
                      .revents = 0};
    if (poll(&waiting, 1, kPollMs) != 0) polled = PQconnectPoll(connection);
  }
  if (PQstatus(connection) != CONNECTION_OK) {
    const std::string_view message = PQerrorMessage(connection);
    const std::string sqlstate = sqlstate_in(message);
    return std::unexpected(failure(sqlstate, "PostgreSQL: " + first_line(message)));
  }
  PQsetErrorVerbosity(connection, PQERRORS_DEFAULT);
  if (PQserverVersion(connection) < kMinServerVersion) {
    return std::unexpected(
        failure("0A000", fmt::format("PostgreSQL {} is too old: 12 is the first that this sink works with",
                                     PQserverVersion(connection) / 10'000)));
  }
  PQsetnonblocking(connection, 1);
  std::unique_ptr<Connection> opened(new Connection(std::move(state)));
  // A process that hangs in a transaction must not keep its locks: another member waits for them.
  if (auto set = opened->run("SET idle_in_transaction_session_timeout = '60s'", stop); !set) {
    return std::unexpected(std::move(set.error()));
  }
  return opened;
}

DatabaseResult<Rows> Connection::run(const std::string& sql, std::span<const Parameter> parameters,
                                     const std::stop_token& stop) {
  std::vector<Oid> types;
  std::vector<const char*> values;
  std::vector<int> lengths, formats;
  for (const Parameter& parameter : parameters) {
    types.push_back(parameter.type_oid);
    values.push_back(parameter.value.data());
    lengths.push_back(static_cast<int>(parameter.value.size()));
    formats.push_back(parameter.is_binary ? 1 : 0);
  }
  if (PQsendQueryParams(state_->connection, sql.c_str(), static_cast<int>(parameters.size()), types.data(),
                        values.data(), lengths.data(), formats.data(), 0) == 0) {
    return std::unexpected(state_->broken());
  }
  return state_->finish(stop);
}

DatabaseResult<void> Connection::copy(const std::string& sql, std::string_view data, const std::stop_token& stop) {
  if (PQsendQuery(state_->connection, sql.c_str()) == 0) return std::unexpected(state_->broken());
  const DatabaseResult<PGresult*> answer = state_->next_result(stop);
  if (!answer) return std::unexpected(answer.error());
  const Rows owned(*answer);
  if (PQresultStatus(*answer) != PGRES_COPY_IN) {
    DatabaseFailure failed = state_->server_failure(*answer);
    (void)state_->finish(stop);
    return std::unexpected(std::move(failed));
  }
  constexpr size_t kPiece = size_t{1} << 20;
  while (!data.empty()) {
    const std::string_view piece = data.substr(0, kPiece);
    const int put = PQputCopyData(state_->connection, piece.data(), static_cast<int>(piece.size()));
    if (put < 0) return std::unexpected(state_->broken());
    if (put > 0) data.remove_prefix(piece.size());
    if (put == 0 && !state_->wait(POLLOUT, stop)) return std::unexpected(state_->cancel());
  }
  for (int ended = 0; ended == 0;) {
    ended = PQputCopyEnd(state_->connection, nullptr);
    if (ended < 0) return std::unexpected(state_->broken());
    if (ended == 0 && !state_->wait(POLLOUT, stop)) return std::unexpected(state_->cancel());
  }
  if (auto finished = state_->finish(stop); !finished) return std::unexpected(std::move(finished.error()));
  return {};
}

}  // namespace omashu::sink::postgres
