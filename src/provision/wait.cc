#include "provision/wait.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/counted.h"

namespace omashu::provision {

size_t brokers_needed(const Desired& desired) {
  size_t needed = 1;
  for (const DesiredTopic& topic : desired.topics) {
    needed = std::max(needed, static_cast<size_t>(std::max(topic.replication_factor, 1)));
  }
  return needed;
}

Result<void> wait_for_brokers(kafka::Admin& admin, size_t needed, const WaitBeforeRetry& wait) {
  for (int attempt = 1;; ++attempt) {
    const auto cluster = admin.describe_cluster();
    if (cluster && cluster->brokers.size() >= needed) return {};
    if (!cluster && cluster.error().code == ErrorCode::kUnauthorized) return fail(cluster.error());
    if (wait(attempt)) continue;
    if (!cluster) return fail(cluster.error());
    return fail(ErrorCode::kUnavailable, fmt::format("waited for {} (the largest replication factor), and {} {} there",
                                                     counted(needed, "broker"), cluster->brokers.size(),
                                                     cluster->brokers.size() == 1 ? "is" : "are"));
  }
}

}  // namespace omashu::provision
