#include "service/cluster/cluster_resource.h"

#include <fmt/core.h>

#include <iterator>
#include <utility>

#include "base/nearest.h"
#include "base/shown.h"
#include "base/topic_name.h"

namespace omashu::service {

namespace {

constexpr size_t kMaxRunning = 2;
constexpr size_t kMaxWaiting = 64;

}  // namespace

http::Handler ClusterResource::handler(Work work) const {
  return [lane = lane, work = std::make_shared<const Work>(std::move(work))](const http::ExchangePtr& exchange) {
    const bool is_posted = lane->post([exchange, work] {
      auto answered = (*work)(*exchange);
      if (!answered) return answer(exchange, answered.error());
      exchange->answer({.content_type = "application/json",
                        .body = *std::move(answered) + "\n",
                        .fields = {{"Cache-Control", "no-cache"}}});
    });
    if (is_posted) return;
    answer(exchange, {.type = ProblemType::kUnavailable,
                      .detail = "too many requests about the cluster are waiting: try again",
                      .fields = {{"Retry-After", "1"}}});
  };
}

json::Value warnings_json(const std::vector<std::string>& warnings) {
  json::Value array = json::Value::array();
  for (const std::string& warning : warnings) array.append(warning);
  return array;
}

Answer<kafka::TopicDescription> topic_of(kafka::Admin& admin, const std::string& topic) {
  if (const auto problem = topic_name_problem(topic)) {
    return refuse(ProblemType::kNotFound, "there is no such topic: " + *problem);
  }
  auto described = admin.describe_topics(std::span(&topic, 1)).front();
  if (described) return *std::move(described);
  if (described.error().code != ErrorCode::kNotFound) return refuse(problem_of(described.error()));
  std::vector<std::string> names;
  if (const auto topics = admin.list_topics(true)) {
    for (const kafka::TopicDescription& one : *topics) names.push_back(one.name);
  }
  return refuse(ProblemType::kNotFound,
                fmt::format("there is no topic {}{}", shown(topic), did_you_mean(topic, names)));
}

Parameter topic_parameter() {
  return {.name = "topic", .place = Parameter::Place::kPath, .description = "the topic's name"};
}

std::string object_schema(std::string_view members) {
  std::string required, properties;
  while (!members.empty()) {
    const std::string_view member = members.substr(0, members.find(' '));
    members.remove_prefix(std::min(member.size() + 1, members.size()));
    const size_t colon = member.find(':');
    const std::string_view name = member.substr(0, colon);
    std::string_view type = member.substr(colon + 1);
    const bool may_be_null = type.ends_with('?');
    if (may_be_null) type.remove_suffix(1);
    const std::string_view comma = required.empty() ? "" : ",";
    required += fmt::format("{}\"{}\"", comma, name);
    properties += may_be_null ? fmt::format(R"({}"{}":{{"type":["{}","null"]}})", comma, name, type)
                              : fmt::format(R"({}"{}":{{"type":"{}"}})", comma, name, type);
  }
  return fmt::format(R"({{"type":"object","required":[{}],"properties":{{{}}}}})", required, properties);
}

Operations cluster_operations(const Parts& parts, std::shared_ptr<ClusterAccess> access) {
  const ClusterResource resource{.parts = parts,
                                 .access = std::move(access),
                                 .lane = std::make_shared<Lane>(parts.executor, kMaxRunning, kMaxWaiting)};
  Operations operations;
  for (const auto make : {&cluster_info_operations, &topic_operations, &record_operations, &group_operations,
                          &schema_operations, &plan_operations}) {
    std::ranges::move(make(resource), std::back_inserter(operations));
  }
  return operations;
}

Operations cluster_operations(const Parts& parts) {
  return cluster_operations(parts, make_cluster_access(parts.kafka));
}

}  // namespace omashu::service
