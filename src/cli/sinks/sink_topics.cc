#include "cli/sinks/sink_topics.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "cli/connection/cluster.h"
#include "cli/diagnostics.h"
#include "sink/set_aside.h"

namespace omashu::cli {

namespace {

kafka::NewTopic topic_like(const kafka::TopicDescription& source, const std::string& name) {
  return {.name = name,
          .partitions = source.partitions,
          .replication_factor = source.replication_factor,
          .configs = {{"cleanup.policy", "delete"}, {"retention.ms", "-1"}}};
}

}  // namespace

Result<void> prepare_topics(Context& context, Cluster& cluster, const sink::EngineOptions& options) {
  std::map<std::string, kafka::NewTopic> wanted;
  for (const std::string& name : options.topics) {
    const auto source = cluster.topic(name);
    if (!source) return fail(source.error());
    for (const auto delay : options.retry_delays) {
      const std::string retry = sink::retry_topic_name(name, delay);
      wanted.emplace(retry, topic_like(*source, retry));
    }
    if (!options.dead_letters) continue;
    auto& dead = wanted.emplace(*options.dead_letters, topic_like(*source, *options.dead_letters)).first->second;
    dead.partitions = std::max(dead.partitions, source->partitions);
  }
  if (wanted.empty()) return {};
  const auto admin = cluster.admin();
  if (!admin) return fail(admin.error());
  std::vector<std::string> names;
  for (const auto& [name, topic] : wanted) names.push_back(name);
  const auto described = (*admin)->describe_topics(names);
  std::vector<kafka::NewTopic> missing;
  for (size_t i = 0; i < names.size(); ++i) {
    if (described[i]) continue;
    if (described[i].error().code != ErrorCode::kNotFound) return fail(described[i].error());
    missing.push_back(wanted.at(names[i]));
  }
  if (missing.empty()) return {};
  const auto created = (*admin)->create_topics(missing, /*validate_only=*/false);
  std::vector<std::string> made;
  for (size_t i = 0; i < missing.size(); ++i) {
    if (!created[i] && created[i].error().code != ErrorCode::kAlreadyExists) {
      return fail(Error(created[i].error()).within(fmt::format("making the topic {}", missing[i].name)));
    }
    made.push_back(missing[i].name);
    context.messages.note(fmt::format("made the topic {}", missing[i].name));
  }
  return (*admin)->wait_until_ready(made, cluster.timeout());
}

}  // namespace omashu::cli
