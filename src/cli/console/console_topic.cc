#include "cli/console/console_topic.h"

#include <chrono>

namespace omashu::cli {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatience{3'000};
constexpr milliseconds kPause{50};

}  // namespace

Result<void> find_or_auto_create_topic(Cluster& cluster, const std::string& topic, const StopSignal& stop) {
  const auto found = cluster.topic(topic);
  if (found) return {};
  if (found.error().code != ErrorCode::kNotFound) return fail(found.error());
  // To ask for its metadata is what makes the broker make it.
  auto consumer = cluster.consumer({{"allow.auto.create.topics", "true"}});
  if (!consumer) return fail(std::move(consumer.error()));
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < deadline) {
    if ((*consumer)->partitions_of(topic, cluster.timeout())) return {};
    if (stop.wait_for(kPause)) return fail(ErrorCode::kCancelled, "stopped before the topic was there");
  }
  return fail(found.error());
}

}  // namespace omashu::cli
