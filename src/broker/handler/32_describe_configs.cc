// DescribeConfigs, 1 to 4. A topic has every config that can be set, each with its source; the synonyms are the values
// that would be taken in turn. So has the broker; what cannot be altered at run time is marked read-only. The broker of
// the empty name has what was set for all brokers.
//
// A resource that the request names twice is described once. Left out: loggers, client metrics, groups.

#include "broker/protocol/32_describe_configs.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "base/topic_name.h"
#include "broker/handler/broker.h"
#include "broker/handler/broker_config_refusal.h"
#include "broker/handler/described_configs.h"
#include "broker/handler/find_partition.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

using RequestResource = DescribeConfigsRequest::Resource;
using ResponseResult = DescribeConfigsResponse::Result;
using Config = DescribeConfigsResponse::Config;

void refuse(ResponseResult& result, Refusal refusal) {
  result.error_code = refusal.error;
  result.error_message = std::move(refusal.message);
}

void describe_topic(const TopicStore& topics, const DescribedTopicConfigs& configs, ResponseResult& result) {
  if (auto problem = topic_name_problem(result.resource_name)) {
    return refuse(result, {KafkaError::kInvalidTopicException, *std::move(problem)});
  }
  const TopicPtr topic = topics.find(result.resource_name);
  if (topic == nullptr) return refuse(result, unknown_topic(result.resource_name));
  result.configs = configs.of(topic->configs);
}

void describe_broker(Broker& broker, ResponseResult& result) {
  if (result.resource_name.empty()) {
    result.configs = described_cluster_configs(broker.configs());
  } else if (auto refusal = broker_name_refusal(broker, result.resource_name)) {
    refuse(result, *std::move(refusal));
  } else {
    result.configs = described_broker_configs(broker.configs());
  }
}

void keep_requested(const DescribeConfigsRequest& request, const RequestResource& resource,
                    std::vector<Config>& configs) {
  const auto& keys = resource.configuration_keys;
  if (keys && !keys->empty()) {
    std::erase_if(configs, [&](const Config& config) { return std::ranges::find(*keys, config.name) == keys->end(); });
  }
  for (Config& config : configs) {
    if (!request.include_synonyms) config.synonyms.clear();
    if (!request.include_documentation) config.documentation.reset();
  }
}

ResponseResult describe(Broker& broker, const DescribedTopicConfigs& topic_configs, const RequestResource& resource) {
  ResponseResult result{.resource_type = resource.resource_type, .resource_name = std::string(resource.resource_name)};
  switch (resource.resource_type) {
    case ConfigResourceType::kTopic: describe_topic(broker.topics(), topic_configs, result); break;
    case ConfigResourceType::kBroker: describe_broker(broker, result); break;
    default:
      refuse(result, {KafkaError::kInvalidRequest,
                      fmt::format("Unsupported resource type: {}", static_cast<int>(resource.resource_type))});
  }
  return result;
}

}  // namespace

DescribeConfigsResponse handle_describe_configs(Broker& broker, const RequestContext&,
                                                const DescribeConfigsRequest& request) {
  DescribeConfigsResponse response;
  const DescribedTopicConfigs topic_configs(broker.configs());
  std::set<std::pair<ConfigResourceType, std::string_view>> seen;
  for (const RequestResource& resource : request.resources) {
    if (!seen.emplace(resource.resource_type, resource.resource_name).second) continue;
    ResponseResult& result = response.results.emplace_back(describe(broker, topic_configs, resource));
    keep_requested(request, resource, result.configs);
  }
  return response;
}

}  // namespace omashu::broker
