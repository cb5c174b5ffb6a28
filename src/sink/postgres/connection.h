// A connection to PostgreSQL, by libpq. It belongs to one thread.
//
// A call waits for the server, and ends early where a stop is requested: the statement is then cancelled, and the
// connection is of no more use. Every failure says what the remedy is.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "sink/postgres/database_failure.h"

namespace omashu::sink::postgres {

// What stands for $1, $2… in a statement.
struct Parameter {
  std::string_view value;  // as text it is the whole of a std::string: libpq reads up to its NUL
  uint32_t type_oid = 0;   // 0: what the statement makes of it
  bool is_binary = false;
};

class Rows {
 public:
  // Owns a PGresult.
  explicit Rows(void* result);

  size_t size() const;
  std::optional<std::string_view> at(size_t row, size_t column) const;  // nothing: null. A view into this object
  std::string text(size_t row, size_t column) const { return std::string(at(row, column).value_or("")); }
  int64_t affected() const;  // rows that an INSERT, UPDATE or DELETE wrote

 private:
  std::shared_ptr<void> result_;
};

class Connection {
 public:
  // `dsn` as check_connection_string() takes it; what it leaves open comes from libpq's environment and files.
  static DatabaseResult<std::unique_ptr<Connection>> open(const std::string& dsn, const std::stop_token& stop);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // One statement.
  DatabaseResult<Rows> run(const std::string& sql, std::span<const Parameter> parameters, const std::stop_token& stop);
  DatabaseResult<Rows> run(const std::string& sql, const std::stop_token& stop) { return run(sql, {}, stop); }

  // COPY … FROM STDIN: `data` is the whole of it.
  DatabaseResult<void> copy(const std::string& sql, std::string_view data, const std::stop_token& stop);

  // False once it broke.
  bool is_open() const;

  // Where it is connected to, for messages: "host:port/database". Without user and secrets.
  std::string place() const;

 private:
  struct State;
  explicit Connection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace omashu::sink::postgres
