// What went wrong between a sink and PostgreSQL, and what is to be done about it.

#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "omashu/result.h"
#include "sink/sink.h"

namespace omashu::sink::postgres {

enum class Remedy : uint8_t {
  kTryAgain,  // the server is away, busy, or has given up on this transaction
  kSetAside,  // a row is at fault
  kStop,      // the table, the rights, the statement
};

// By SQLSTATE (appendix A of PostgreSQL's manual). An empty one is a connection that broke.
Remedy remedy_for(std::string_view sqlstate);

struct DatabaseFailure {
  Remedy remedy = Remedy::kTryAgain;
  std::string sqlstate;  // "" where no server said anything
  Error error;

  // As the engine takes it. A row that is at fault where no row was written is a matter of the configuration.
  WriteFailure for_engine() && {
    return remedy == Remedy::kTryAgain ? WriteFailure::try_again(std::move(error))
                                       : WriteFailure::stop(std::move(error));
  }
};

template <class T>
using DatabaseResult = std::expected<T, DatabaseFailure>;

}  // namespace omashu::sink::postgres
