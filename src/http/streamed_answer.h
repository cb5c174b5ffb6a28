// An answer whose pieces are made one after the other on an executor, no faster than the client takes them: a list that
// is never in memory as a whole.

#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/executor.h"
#include "http/exchange.h"
#include "omashu/result.h"

namespace omashu::http {

// The next piece; nothing behind the last one. An error cuts the connection, so that the client sees that the answer is
// not whole. Called on the executor's threads, one call at a time; destroyed when the client has gone.
using NextPiece = std::function<Result<std::optional<std::string>>()>;

// The executor must outlive the exchange's server.
void answer_in_pieces(const ExchangePtr& exchange, Response head, Executor& executor, NextPiece next);

}  // namespace omashu::http
