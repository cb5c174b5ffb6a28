#include "sink/postgres/database_failure.h"

#include <algorithm>
#include <array>

namespace omashu::sink::postgres {

namespace {

constexpr std::array<std::string_view, 12> kTryAgain = {
    "08",     // connection exceptions
    "25",     // a transaction that the server ended, or a standby that is read-only
    "40",     // serialization failures and deadlocks
    "53",     // out of disk, memory or connections
    "55006",  // an object in use
    "55P03",  // a lock was not to be had
    "57014",  // statement_timeout
    "57P01",  // the server stops
    "57P02",  // the server crashed
    "57P03",  // the server starts
    "57P05",  // idle_session_timeout
    "58",     // the server's own files
};

constexpr std::array<std::string_view, 6> kSetAside = {
    "21",  // a key twice in one statement: types for which PostgreSQL sees equals where the bytes differ
    "22",  // data exceptions
    "23",  // constraints
    "44",  // a view's check option
    "54",  // a value too large for an index or a row
    "P0",  // raised by the user's own triggers
};

}  // namespace

Remedy remedy_for(std::string_view sqlstate) {
  if (sqlstate.empty()) return Remedy::kTryAgain;
  const auto begins = [sqlstate](std::string_view prefix) { return sqlstate.starts_with(prefix); };
  if (std::ranges::any_of(kTryAgain, begins)) return Remedy::kTryAgain;
  if (std::ranges::any_of(kSetAside, begins)) return Remedy::kSetAside;
  return Remedy::kStop;
}

}  // namespace omashu::sink::postgres
