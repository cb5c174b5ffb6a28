#include "provision/observed.h"

#include <fmt/core.h>

#include "avro/schema_text.h"
#include "base/topic_name.h"
#include "provision/observe_schemas.h"

namespace omashu::provision {

namespace {

Result<void> observe_topics(const Desired& desired, kafka::Admin& admin, Observed& observed) {
  std::vector<std::string> names;
  for (const DesiredTopic& topic : desired.topics) names.push_back(topic.name);
  std::vector<std::string> existing;
  const auto descriptions = admin.describe_topics(names);
  for (size_t i = 0; i < names.size(); ++i) {
    if (descriptions[i]) {
      observed.topics[names[i]] = {descriptions[i]->partitions,
                                   descriptions[i]->replication_factor,
                                   {},
                                   descriptions[i]->partition_descriptions};
      existing.push_back(names[i]);
    } else if (descriptions[i].error().code != ErrorCode::kNotFound) {
      return fail(descriptions[i].error());
    }
  }
  if (existing.empty()) return {};
  auto configs = admin.describe_configs(existing);
  for (size_t i = 0; i < existing.size(); ++i) {
    if (!configs[i]) return fail(std::move(configs[i]).error());
    observed.topics[existing[i]].configs = *std::move(configs[i]);
  }
  return {};
}

Result<void> observe_prefix(const std::string& prefix, kafka::Admin& admin, schema_registry::Client* registry,
                            Observed& observed) {
  auto topics = admin.list_topics();
  if (!topics) return fail(std::move(topics).error());
  for (kafka::TopicDescription& topic : *topics) {
    if (topic.name.starts_with(prefix) && !is_internal_topic(topic.name)) {
      observed.topics_in_prefix.push_back(std::move(topic));
    }
  }
  if (registry == nullptr) return {};
  auto subjects = registry->subjects();
  if (!subjects) return fail(std::move(subjects).error());
  for (std::string& subject : *subjects) {
    if (subject.starts_with(prefix)) observed.subjects_in_prefix.push_back(std::move(subject));
  }
  return {};
}

}  // namespace

Result<Observed> observe(const Desired& desired, kafka::Admin& admin, schema_registry::Client* registry,
                         const ObserveOptions& options) {
  Observed observed;
  auto cluster = admin.describe_cluster();
  if (!cluster) return fail(std::move(cluster).error());
  observed.cluster = *std::move(cluster);
  if (auto done = observe_topics(desired, admin, observed); !done) return fail(std::move(done).error());
  if (!desired.subjects.empty()) {
    if (auto done = observe_schemas(desired, *registry, observed); !done) return fail(std::move(done).error());
  }
  if (options.prune_prefix) {
    auto done = observe_prefix(*options.prune_prefix, admin, registry, observed);
    if (!done) return fail(std::move(done).error());
  }
  return observed;
}

std::map<std::string, std::string> live_state(const Desired& desired, const Observed& observed) {
  std::map<std::string, std::string> state;
  state["cluster id"] = observed.cluster.cluster_id;
  for (const DesiredTopic& wanted : desired.topics) {
    const std::string label = "topic " + wanted.name;
    const auto topic = observed.topics.find(wanted.name);
    if (topic == observed.topics.end()) {
      state[label] = "absent";
      continue;
    }
    state[label + " partitions"] = std::to_string(topic->second.partitions);
    state[label + " replication factor"] = std::to_string(topic->second.replication_factor);
    for (const auto& [name, value] : wanted.configs) {
      const auto config = topic->second.configs.find(name);
      state[label + " " + name] = config == topic->second.configs.end() ? "absent" : config->second.value;
    }
  }
  for (const DesiredSubject& wanted : desired.subjects) {
    const std::string label = "subject " + wanted.name;
    const auto subject = observed.subjects.find(wanted.name);
    if (subject == observed.subjects.end()) {
      state[label] = "absent";
      const auto level = observed.absent_levels.find(wanted.name);
      if (level != observed.absent_levels.end()) state[label + " compatibility level"] = level->second;
      continue;
    }
    const schema_registry::SubjectVersion& latest = subject->second.versions.back();
    state[label + " latest version"] = fmt::format("{} (id {})", latest.version, static_cast<int>(latest.id));
    state[label + " compatibility level"] = subject->second.compatibility_level;
  }
  for (const auto& [name, type] : observed.found_types) {
    state["type " + name] = fmt::format("{} version {}", type.subject, type.version);
  }
  for (const kafka::TopicDescription& topic : observed.topics_in_prefix)
    state["topic " + topic.name + " to prune"] = "there";
  for (const std::string& subject : observed.subjects_in_prefix) state["subject " + subject + " to prune"] = "there";
  return state;
}

}  // namespace omashu::provision
