#include "cli/server/served_topics.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "cli/diagnostics.h"
#include "cli/server/table_arguments.h"

namespace omashu::cli {

namespace {

constexpr std::chrono::seconds kTimeout{30};

bool is_served(const broker::Topic& topic) {
  if (topic.name.starts_with('_')) return false;
  const auto policy = topic.configs.find("cleanup.policy");
  return policy != topic.configs.end() && is_compacted_policy(policy->second);
}

}  // namespace

std::vector<std::string> ServedTopics::take_new_topics() {
  std::vector<std::string> topics;
  for (const broker::TopicPtr& topic : broker_.topics().all()) {
    if (is_served(*topic) && known_.insert(topic->name).second) topics.push_back(topic->name);
  }
  return topics;
}

Result<void> ServedTopics::serve(const std::string& bootstrap_server, const std::string& registry_url,
                                 std::vector<table::TableOptions> described) {
  std::vector<table::TableOptions> tables;
  for (const std::string& topic : take_new_topics()) {
    const auto found = std::ranges::find(described, topic, &table::TableOptions::topic);
    tables.push_back(found == described.end() ? table::TableOptions{.topic = topic} : std::move(*found));
  }
  kafka::ClientConfig kafka;
  kafka.set("bootstrap.servers", bootstrap_server);
  schema_registry::ClientOptions registry;
  registry.urls = {registry_url};
  return service_.serve(kafka, std::move(registry), std::move(tables), kTimeout);
}

void ServedTopics::serve_new_topics(Context& context) {
  for (const std::string& topic : take_new_topics()) {
    if (auto added = service_.add({{.topic = topic}}); !added) {
      context.messages.warning(fmt::format("{} is not served over HTTP: {}", topic, added.error().message));
    }
  }
}

}  // namespace omashu::cli
