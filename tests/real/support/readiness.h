// Waiting for a server to answer, for as long as it lives and a deadline.

#pragma once

#include <functional>
#include <string>

#include "omashu/result.h"
#include "real/support/process.h"

namespace omashu::real {

bool accepts_connections(int port);

// Until `answers` says true. Where the process ends before, or the time is up, the error has the end of its log.
Result<void> wait_until_ready_or_dead(const std::string& name, Process& process, const std::function<bool()>& answers);

}  // namespace omashu::real
