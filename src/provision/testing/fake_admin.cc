#include <fmt/core.h>

#include "provision/testing/fake_servers.h"

namespace omashu::provision {

namespace {

// What a broker has in force for a topic on which nothing is set.
const std::map<std::string, std::string> kDefaults = {
    {"cleanup.policy", "delete"}, {"min.cleanable.dirty.ratio", "0.5"}, {"min.insync.replicas", "1"},
    {"retention.bytes", "-1"},    {"retention.ms", "604800000"},        {"segment.bytes", "1073741824"}};

kafka::TopicDescription description_of(const std::string& name, const FakeAdmin::Topic& topic) {
  kafka::TopicDescription description{
      .name = name, .partitions = topic.partitions, .replication_factor = topic.replication_factor};
  std::vector<int32_t> replicas;
  for (int broker = 1; broker <= topic.replication_factor; ++broker) replicas.push_back(broker);
  for (int32_t id = 0; id < topic.partitions; ++id) {
    description.partition_descriptions.push_back(
        {.id = kafka::PartitionId{id}, .replicas = replicas, .in_sync_replicas = replicas});
  }
  return description;
}

std::unexpected<Error> unknown_topic() { return fail(ErrorCode::kNotFound, "UNKNOWN_TOPIC_OR_PARTITION"); }

}  // namespace

Result<kafka::ClusterDescription> FakeAdmin::describe_cluster() {
  kafka::ClusterDescription cluster{cluster_id, {}};
  for (int i = 1; i <= brokers; ++i) cluster.brokers.push_back({i, "127.0.0.1", 9091 + i});
  return cluster;
}

Result<std::vector<kafka::TopicDescription>> FakeAdmin::list_topics(bool) {
  std::vector<kafka::TopicDescription> list;
  for (const auto& [name, topic] : topics) list.push_back(description_of(name, topic));
  return list;
}

std::vector<Result<kafka::TopicDescription>> FakeAdmin::describe_topics(std::span<const std::string> names) {
  std::vector<Result<kafka::TopicDescription>> answers;
  const bool is_trailing = trailing_reads > 0 && trailing_reads-- > 0;
  for (const std::string& name : names) {
    const auto found = topics.find(name);
    if (found == topics.end() || is_trailing) {
      answers.push_back(unknown_topic());
    } else {
      answers.push_back(description_of(name, found->second));
    }
  }
  return answers;
}

std::vector<Result<kafka::TopicConfigs>> FakeAdmin::describe_configs(std::span<const std::string> names,
                                                                     std::span<const std::string>) {
  std::vector<Result<kafka::TopicConfigs>> answers;
  for (const std::string& name : names) {
    kafka::TopicConfigs configs;
    for (const auto& [setting, value] : kDefaults) configs[setting] = {.value = value, .is_default = true};
    for (const auto& [setting, value] : topics.at(name).configs) configs[setting] = {.value = value};
    answers.push_back(configs);
  }
  return answers;
}

std::vector<Result<std::vector<kafka::LogDir>>> FakeAdmin::describe_log_dirs(std::span<const int32_t> asked,
                                                                             std::span<const kafka::TopicPartition>) {
  return {asked.size(), std::vector<kafka::LogDir>(1)};
}

Result<void> FakeAdmin::refusal(const std::string& topic, bool validate_only) const {
  const auto& answers = validate_only ? refusals : failures;
  const auto found = answers.find(topic);
  if (found == answers.end()) return {};
  return fail(found->second);
}

std::vector<Result<void>> FakeAdmin::create_topics(std::span<const kafka::NewTopic> wanted, bool validate_only) {
  std::vector<Result<void>> answers;
  if (!validate_only && !wanted.empty()) {
    ++writes;
    ++create_requests;
  }
  for (const kafka::NewTopic& topic : wanted) {
    answers.push_back(refusal(topic.name, validate_only));
    if (answers.back() && topics.contains(topic.name))
      answers.back() = fail(ErrorCode::kAlreadyExists, "TOPIC_ALREADY_EXISTS");
    if (answers.back() && !validate_only) {
      topics[topic.name] = {topic.partitions < 0 ? default_partitions : topic.partitions,
                            topic.replication_factor < 0 ? 1 : topic.replication_factor, topic.configs};
    }
  }
  return answers;
}

std::vector<Result<void>> FakeAdmin::create_partitions(std::span<const NewPartitions> wanted, bool validate_only) {
  std::vector<Result<void>> answers;
  if (!validate_only && !wanted.empty()) ++writes;
  for (const NewPartitions& topic : wanted) {
    answers.push_back(refusal(topic.topic, validate_only));
    if (answers.back() && !validate_only) topics.at(topic.topic).partitions = topic.total;
  }
  return answers;
}

std::vector<Result<void>> FakeAdmin::alter_configs(std::span<const kafka::ConfigChange> wanted, bool validate_only) {
  std::vector<Result<void>> answers;
  if (!validate_only && !wanted.empty()) ++writes;
  for (const kafka::ConfigChange& change : wanted) {
    answers.push_back(refusal(change.topic, validate_only));
    if (!answers.back() || validate_only) continue;
    std::map<std::string, std::string>& configs = topics.at(change.topic).configs;
    for (const auto& [name, value] : change.set) {
      configs.erase(name);
      if (value) configs[name] = *value;
    }
  }
  return answers;
}

std::vector<Result<void>> FakeAdmin::move_replicas(std::span<const kafka::ReplicaMove> wanted) {
  std::vector<Result<void>> answers;
  if (!wanted.empty()) ++writes;
  for (const kafka::ReplicaMove& move : wanted) {
    answers.push_back(refusal(move.partition.topic, false));
    if (answers.back()) topics.at(move.partition.topic).replication_factor = static_cast<int>(move.replicas.size());
  }
  return answers;
}

std::vector<Result<void>> FakeAdmin::delete_topics(std::span<const std::string> names) {
  std::vector<Result<void>> answers;
  if (!names.empty()) ++writes;
  for (const std::string& name : names) {
    answers.push_back(refusal(name, false));
    if (answers.back()) topics.erase(name);
  }
  return answers;
}

}  // namespace omashu::provision
