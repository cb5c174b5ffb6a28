// GET …/rows as NDJSON: a line for each row, as many as there are; never in memory as a whole.

#pragma once

#include "base/executor.h"
#include "service/rows/list_question.h"

namespace omashu::service {

// On a thread of the executor, which outlives the exchange's server.
void stream_rows(ListQuestion question, Executor& executor);

}  // namespace omashu::service
