// Waiting for servers that are still starting.

#pragma once

#include <functional>

#include "kafka/admin.h"
#include "provision/desired.h"

namespace omashu::provision {

// Waits before the attempt of that number (from 1), longer each time; false once the time is up. Tests do not wait.
using WaitBeforeRetry = std::function<bool(int attempt)>;

// As many as the largest replication factor needs; 1 where no topic is wanted.
size_t brokers_needed(const Desired& desired);

// Until that many brokers answer, or `wait` gives up.
Result<void> wait_for_brokers(kafka::Admin& admin, size_t needed, const WaitBeforeRetry& wait);

}  // namespace omashu::provision
