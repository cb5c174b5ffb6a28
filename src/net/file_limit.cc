#include "net/file_limit.h"

#include <sys/resource.h>

#include <algorithm>

namespace omashu::net {

namespace {

constexpr size_t kMinLimit = 64;
constexpr size_t kMaxLimit = 1'000'000;

// The threads' own descriptors, the standard streams, and the registry's Kafka clients with their pipes and sockets.
constexpr size_t kMinOthers = 64;

constexpr size_t kMaxLogFiles = 4096;
constexpr size_t kMaxBrokerConnections = 10'000;
constexpr size_t kMaxHttpConnections = 1'000;

}  // namespace

size_t raise_open_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return kMinLimit;
  const rlim_t wanted = std::min<rlim_t>(limit.rlim_max, kMaxLimit);
  const rlimit raised{.rlim_cur = wanted, .rlim_max = limit.rlim_max};
  if (limit.rlim_cur < wanted && ::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  return std::clamp<size_t>(limit.rlim_cur, kMinLimit, kMaxLimit);
}

OpenFileShares divide_open_files(size_t limit) {
  const size_t others = std::clamp<size_t>(limit / 8, kMinOthers, 256);
  const size_t left = std::max(limit, others + kMinLimit) - others;
  OpenFileShares shares;
  shares.log_files = std::min(left * 3 / 8, kMaxLogFiles);
  shares.http_connections = std::min(left / 8, kMaxHttpConnections);
  shares.broker_connections = std::min(left - shares.log_files - shares.http_connections, kMaxBrokerConnections);
  return shares;
}

}  // namespace omashu::net
