#include "cli/connection/cluster.h"

#include <fmt/core.h>

#include "base/nearest.h"
#include "cli/diagnostics.h"
#include "schema_registry/client/endpoint.h"

namespace omashu::cli {

namespace {

// " at http://…, http://…", without the passwords that URLs may hold.
std::string places_of(const schema_registry::ClientOptions& registry) {
  std::string places;
  const auto endpoints = schema_registry::parse_endpoints(registry.urls);
  if (!endpoints) return places;
  for (const auto& endpoint : *endpoints) places += (places.empty() ? " at " : ", ") + endpoint.base_url;
  return places;
}

}  // namespace

Cluster::Cluster(Context& context, Connection connection)
    : connection_(std::move(connection)),
      kafka_notice_(std::make_unique<WaitNotice>(context.messages, "Kafka at " + connection_.bootstrap_servers)),
      registry_notice_(
          std::make_unique<WaitNotice>(context.messages, "the schema registry" + places_of(connection_.registry))) {
  connection_.registry.on_call = [notice = registry_notice_.get()](int change) { notice->change(change); };
}

Result<Cluster> Cluster::open(Context& context, const ConnectionOptions& options) {
  auto connection = resolve_connection(options);
  if (!connection) return fail(std::move(connection.error()));
  for (const std::string& warning : connection->warnings) context.messages.warning(warning);
  return Cluster(context, *std::move(connection));
}

Result<kafka::TopicDescription> Cluster::topic(const std::string& name) {
  const auto asked = admin();
  if (!asked) return fail(asked.error());
  kafka_notice_->change(1);
  auto described = (*asked)->describe_topics(std::vector{name});
  kafka_notice_->change(-1);
  if (described.size() != 1) return fail(ErrorCode::kInternal, fmt::format("{}: not described", name));
  if (described.front() || described.front().error().code != ErrorCode::kNotFound) return described.front();
  return fail(unknown_topic(name));
}

Error Cluster::unknown_topic(const std::string& name) {
  std::vector<std::string> names;
  if (const auto asked = admin()) {
    if (const auto topics = (*asked)->list_topics()) {
      for (const kafka::TopicDescription& topic : *topics) names.push_back(topic.name);
    }
  }
  const std::string suggestion = did_you_mean(name, names);
  return {ErrorCode::kNotFound,
          fmt::format("topic {} does not exist at {}{}", name, connection_.bootstrap_servers,
                      suggestion.empty() ? ": make it with init-kafka" : suggestion),
          {}};
}

Result<kafka::Admin*> Cluster::admin() {
  if (admin_ == nullptr) {
    auto opened = kafka::Admin::open(connection_.kafka, connection_.timeout);
    if (!opened) return fail(std::move(opened.error()));
    admin_ = *std::move(opened);
  }
  return admin_.get();
}

Result<kafka::GroupAdmin*> Cluster::group_admin() {
  if (group_admin_ == nullptr) {
    auto opened = kafka::GroupAdmin::open(connection_.kafka, connection_.timeout);
    if (!opened) return fail(std::move(opened.error()));
    group_admin_ = *std::move(opened);
  }
  return group_admin_.get();
}

bool Cluster::is_compacted(const std::string& topic) {
  const auto opened = admin();
  if (!opened) return false;
  const auto configs = (*opened)->describe_configs(std::vector{topic}, std::vector<std::string>{"cleanup.policy"});
  if (configs.size() != 1 || !configs.front()) return false;
  const auto policy = configs.front()->find("cleanup.policy");
  return policy != configs.front()->end() && policy->second.value.contains("compact");
}

Result<schema_registry::Client*> Cluster::registry() {
  if (registry_ == nullptr) {
    auto client = schema_registry::Client::open(connection_.registry);
    if (!client) return fail(std::move(client.error()));
    registry_ = *std::move(client);
  }
  return registry_.get();
}

kafka::ClientConfig Cluster::with_defaults(const Properties& properties) const {
  kafka::ClientConfig config = connection_.kafka;
  config.properties = properties;
  config.properties.insert(config.properties.end(), connection_.kafka.properties.begin(),
                           connection_.kafka.properties.end());
  return config;
}

Result<std::unique_ptr<kafka::Consumer>> Cluster::consumer(const Properties& properties) const {
  return kafka::Consumer::open(with_defaults(properties));
}

Result<std::unique_ptr<kafka::Producer>> Cluster::producer(const Properties& properties) const {
  Properties defaults = {{"message.timeout.ms", fmt::format("{}", connection_.timeout.count())}};
  defaults.insert(defaults.end(), properties.begin(), properties.end());
  return kafka::Producer::open(with_defaults(defaults));
}

}  // namespace omashu::cli
