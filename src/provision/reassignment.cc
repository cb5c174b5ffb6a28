#include "provision/reassignment.h"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "provision/batched_calls.h"

namespace omashu::provision {

namespace {

const std::string kLeaders = "leader.replication.throttled.replicas";
const std::string kFollowers = "follower.replication.throttled.replicas";

Result<std::vector<int32_t>> broker_ids(kafka::Admin& admin) {
  const auto cluster = admin.describe_cluster();
  if (!cluster) return fail(cluster.error());
  std::vector<int32_t> ids;
  for (const kafka::Broker& broker : cluster->brokers) ids.push_back(broker.id);
  return ids;
}

Result<void> first_error(const std::vector<Result<void>>& answers) {
  for (const Result<void>& answer : answers) {
    if (!answer) return answer;
  }
  return {};
}

void append(std::string& list, kafka::PartitionId partition, int32_t broker) {
  list += fmt::format("{}{}:{}", list.empty() ? "" : ",", static_cast<int32_t>(partition), broker);
}

}  // namespace

std::set<std::string> reassigned_topics(const Plan& plan) {
  std::set<std::string> topics;
  for (const Action& action : plan.actions) {
    if (const auto* reassign = std::get_if<ReassignReplicas>(&action)) topics.insert(reassign->topic);
  }
  return topics;
}

Result<MovesLeft> moves_left(kafka::Admin& admin, const std::set<std::string>& topics) {
  const auto moves = admin.ongoing_moves();
  if (!moves) return fail(moves.error());
  MovesLeft left;
  for (const auto& [partition, move] : *moves) {
    if (!topics.contains(partition.topic)) continue;
    ++left.partitions;
    left.replicas += move.adding.size();
  }
  return left;
}

std::map<std::string, ThrottledReplicas> throttled_replicas(const Plan& plan) {
  std::map<std::string, ThrottledReplicas> throttled;
  for (const Action& action : plan.actions) {
    const auto* reassign = std::get_if<ReassignReplicas>(&action);
    if (reassign == nullptr) continue;
    ThrottledReplicas& topic = throttled[reassign->topic];
    for (const auto& [id, move] : reassign->partitions) {
      for (const int32_t broker : move.before) append(topic.leaders, id, broker);
      for (const int32_t broker : move.after) {
        if (std::ranges::find(move.before, broker) == move.before.end()) append(topic.followers, id, broker);
      }
    }
  }
  return throttled;
}

Result<void> begin_throttle(kafka::Admin& admin, const Plan& plan, int64_t bytes_per_second) {
  std::vector<kafka::ConfigChange> changes;
  for (const auto& [topic, replicas] : throttled_replicas(plan)) {
    changes.push_back({topic, {{kLeaders, replicas.leaders}, {kFollowers, replicas.followers}}});
  }
  if (changes.empty()) return {};
  const auto brokers = broker_ids(admin);
  if (!brokers) return fail(brokers.error());
  if (auto done = admin.throttle_moves(*brokers, bytes_per_second); !done) return done;
  return first_error(alter_configs(admin, changes, /*validate_only=*/false));
}

Result<void> end_throttle(kafka::Admin& admin, const std::set<std::string>& topics) {
  if (topics.empty()) return {};
  const std::vector<std::string> names(topics.begin(), topics.end());
  const std::vector<std::string> settings = {kLeaders, kFollowers};
  const auto configs = admin.describe_configs(names, settings);
  std::vector<kafka::ConfigChange> changes;
  for (size_t i = 0; i < names.size(); ++i) {
    if (!configs[i]) return fail(configs[i].error());
    kafka::ConfigChange change{names[i], {}};
    for (const std::string& setting : settings) {
      const auto found = configs[i]->find(setting);
      if (found != configs[i]->end() && !found->second.is_default) change.set[setting] = std::nullopt;
    }
    if (!change.set.empty()) changes.push_back(std::move(change));
  }
  if (changes.empty()) return {};
  if (auto done = first_error(alter_configs(admin, changes, /*validate_only=*/false)); !done) return done;
  const auto brokers = broker_ids(admin);
  if (!brokers) return fail(brokers.error());
  return admin.throttle_moves(*brokers, std::nullopt);
}

}  // namespace omashu::provision
