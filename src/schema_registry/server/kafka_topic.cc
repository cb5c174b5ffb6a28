#include "schema_registry/server/kafka_topic.h"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "kafka/admin.h"

namespace omashu::schema_registry::server {

namespace {

constexpr int kReplicas = 3;

Result<void> create(kafka::Admin& admin, const std::string& name, size_t brokers, std::chrono::milliseconds timeout) {
  const kafka::NewTopic topic = {.name = name,
                                 .partitions = 1,
                                 .replication_factor = std::clamp(static_cast<int>(brokers), 1, kReplicas),
                                 .configs = {{"cleanup.policy", "compact"}}};
  Result<void> made = std::move(admin.create_topics(std::span(&topic, 1), false).front());
  // Another registry may have been faster.
  if (!made && made.error().code != ErrorCode::kAlreadyExists) return made;
  return admin.wait_until_ready(std::span(&name, 1), timeout);
}

Result<void> check(kafka::Admin& admin, const kafka::TopicDescription& topic) {
  if (topic.partitions != 1) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("the topic {} has {} partitions; a registry needs one of its own, with one partition",
                            topic.name, topic.partitions));
  }
  const auto configs = std::move(admin.describe_configs(std::span(&topic.name, 1)).front());
  if (!configs) return fail(configs.error());
  const auto policy = configs->find("cleanup.policy");
  if (policy == configs->end() || policy->second.value == "compact") return {};
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("the topic {} has cleanup.policy={}, by which schemas would be lost: set it to compact "
                          "(kafka-configs --alter --topic {} --add-config cleanup.policy=compact)",
                          topic.name, policy->second.value, topic.name));
}

}  // namespace

Result<std::string> prepare_topic(const KafkaTopic& topic, std::chrono::milliseconds timeout) {
  auto admin = kafka::Admin::open(topic.kafka, timeout);
  if (!admin) return fail(std::move(admin.error()));
  const auto cluster = (*admin)->describe_cluster();
  if (!cluster) return fail(cluster.error());
  const auto described = std::move((*admin)->describe_topics(std::span(&topic.name, 1)).front());
  if (!described && described.error().code != ErrorCode::kNotFound) return fail(described.error());
  auto usable = described ? check(**admin, *described) : create(**admin, topic.name, cluster->brokers.size(), timeout);
  if (!usable) return fail(std::move(usable.error()));
  return cluster->cluster_id;
}

}  // namespace omashu::schema_registry::server
