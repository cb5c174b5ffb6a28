// The clients with which the cluster is asked: opened when they are first needed, so that a service of whose dashboard
// nobody makes use has none of their threads.

#pragma once

#include <chrono>
#include <memory>

#include "kafka/admin.h"
#include "kafka/consumer.h"
#include "kafka/group_admin.h"

namespace omashu::service {

inline constexpr std::chrono::milliseconds kClusterTimeout{5'000};  // of each question to the brokers

// Thread-safe.
class ClusterAccess {
 public:
  virtual ~ClusterAccess() = default;

  virtual Result<kafka::Admin*> admin() = 0;
  virtual Result<kafka::GroupAdmin*> groups() = 0;
  virtual Result<std::unique_ptr<kafka::Consumer>> open_consumer() = 0;  // for one request
};

std::shared_ptr<ClusterAccess> make_cluster_access(kafka::ClientConfig config);

}  // namespace omashu::service
