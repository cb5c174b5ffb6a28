#include "sink/postgres/connection_string.h"

#include <fmt/core.h>
#include <libpq-fe.h>

#include <memory>
#include <string_view>

namespace omashu::sink::postgres {

Result<void> check_connection_string(const std::string& dsn) {
  if (dsn.find('\0') != std::string::npos) return fail(ErrorCode::kInvalidArgument, "--dsn holds a NUL");
  const bool is_uri = dsn.starts_with("postgresql://") || dsn.starts_with("postgres://");
  if (!is_uri && dsn.find('=') == std::string::npos) return {};  // the name of a database
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfoParse(dsn.c_str(), &message),
                                                                             PQconninfoFree);
  PQfreemem(message);  // it may quote the password
  if (options == nullptr) {
    return fail(
        ErrorCode::kInvalidArgument,
        "--dsn is no connection string: write 'host=… dbname=… user=…' or postgresql://user@host:port/database");
  }
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    const std::string_view keyword = option->keyword;
    if ((keyword == "password" || keyword == "sslpassword") && option->val != nullptr) {
      return fail(
          ErrorCode::kInvalidArgument,
          fmt::format("--dsn holds a {}, and others on this machine can read command lines: leave it out, and put "
                      "it into ~/.pgpass (or the file that PGPASSFILE names), PGPASSWORD or a PGSERVICE",
                      keyword));
    }
  }
  return {};
}

}  // namespace omashu::sink::postgres
