// Moves of replicas that a plan has begun: how far they are, and how fast they may be.

#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>

#include "kafka/admin.h"
#include "provision/plan.h"

namespace omashu::provision {

// The topics whose replicas the plan moves.
std::set<std::string> reassigned_topics(const Plan& plan);

// What is still to be done for these topics.
struct MovesLeft {
  size_t partitions = 0;
  size_t replicas = 0;  // that do not have all records yet
};
Result<MovesLeft> moves_left(kafka::Admin& admin, const std::set<std::string>& topics);

// The settings by which only replicas that move are slowed down, and not those that merely follow: by topic, the values
// of leader.replication.throttled.replicas and follower.replication.throttled.replicas.
struct ThrottledReplicas {
  std::string leaders;    // "0:1,1:2": partition and broker of what is copied from
  std::string followers;  // of what is copied to
};
std::map<std::string, ThrottledReplicas> throttled_replicas(const Plan& plan);

// Slows the plan's moves down, before they begin.
Result<void> begin_throttle(kafka::Admin& admin, const Plan& plan, int64_t bytes_per_second);
// Lifts it for all of these topics. Of those that are not slowed down it asks nothing.
Result<void> end_throttle(kafka::Admin& admin, const std::set<std::string>& topics);

}  // namespace omashu::provision
