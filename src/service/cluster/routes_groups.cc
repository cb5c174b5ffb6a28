// GET /v1/groups, /v1/groups/{group}

#include <fmt/core.h>

#include <set>

#include "base/nearest.h"
#include "base/shown.h"
#include "inspect/group_report_json.h"
#include "service/cluster/cluster_resource.h"
#include "service/cluster/json_names.h"

namespace omashu::service {

namespace {

using json::Value;

// With what each reads, and how far it is behind.
Answer<std::string> list_groups(const ClusterResource& resource) {
  const auto admin = resource.access->groups();
  if (!admin) return refuse(problem_of(admin.error()));
  const auto groups = (*admin)->list_groups();
  if (!groups) return refuse(problem_of(groups.error()));
  const auto observed = inspect::observe_groups(**admin, *groups);
  std::vector<std::string> warnings;
  if (observed) {
    warnings = observed->warnings;
  } else {
    warnings.push_back("how far they are behind is not known: " + observed.error().message);
  }
  Value rows = Value::array();
  for (size_t i = 0; i < groups->size(); ++i) {
    Value row = with_service_names(inspect::group_row((*groups)[i]));
    Value topics;
    if (observed) {
      std::set<std::string> names;
      for (const inspect::PartitionLag& lag : observed->reports[i].lags) names.insert(lag.partition.topic);
      topics = Value::array();
      for (const std::string& name : names) topics.append(name);
    }
    row.add("topics", std::move(topics));
    row.add("lag", observed ? Value(inspect::total_lag(observed->reports[i].lags)) : Value());
    rows.append(std::move(row));
  }
  Value body = Value::object();
  body.add("groups", std::move(rows)).add("warnings", warnings_json(warnings));
  return json::to_text(body);
}

Problem unknown_group(kafka::GroupAdmin& admin, const std::string& name) {
  std::vector<std::string> names;
  if (const auto groups = admin.list_groups()) {
    for (const kafka::GroupDescription& group : *groups) names.push_back(group.id);
  }
  return {.type = ProblemType::kNotFound,
          .detail = fmt::format("there is no group {}{}", shown(name), did_you_mean(name, names))};
}

Answer<std::string> describe_group(const ClusterResource& resource, const std::string& name) {
  const auto admin = resource.access->groups();
  if (!admin) return refuse(problem_of(admin.error()));
  const auto described = (*admin)->describe_groups(std::span(&name, 1)).front();
  if (!described) {
    const bool is_missing = described.error().code == ErrorCode::kNotFound;
    return refuse(is_missing ? unknown_group(**admin, name) : problem_of(described.error()));
  }
  const auto observed = inspect::observe_groups(**admin, std::span(&*described, 1));
  if (!observed) return refuse(problem_of(observed.error()));
  Value body = with_service_names(inspect::group_report_json(observed->reports.front()));
  body.add("warnings", warnings_json(observed->warnings));
  return json::to_text(body);
}

}  // namespace

Operations group_operations(const ClusterResource& resource) {
  return {{.pattern = "/v1/groups",
           .id = "listGroups",
           .tag = "Cluster",
           .summary = "All consumer groups, with how far they are behind",
           .answers = {{200,
                        {"The groups, by name", {{"application/json", object_schema("groups:array warnings:array")}}}}},
           .problems = {ProblemType::kUnavailable},
           .handler = resource.handler([resource](const http::Exchange&) { return list_groups(resource); })},
          {.pattern = "/v1/groups/{group}",
           .id = "getGroup",
           .tag = "Cluster",
           .summary = "One consumer group: members, and of each partition what is committed and the lag",
           .parameters = {{.name = "group", .place = Parameter::Place::kPath, .description = "the group's id"}},
           .answers = {{200,
                        {"The group",
                         {{"application/json",
                           object_schema("group:string state:string protocolType:string type:string? assignor:string? "
                                         "coordinator:integer members:array? partitions:array lag:integer "
                                         "warnings:array")}}}}},
           .problems = {ProblemType::kNotFound, ProblemType::kUnavailable},
           .handler = resource.handler([resource](const http::Exchange& exchange) {
             return describe_group(resource, exchange.parameter("group"));
           })}};
}

}  // namespace omashu::service
