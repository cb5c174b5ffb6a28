// GET /v1/cluster: the brokers, and whether the registry answers.

#include "service/cluster/cluster_resource.h"

namespace omashu::service {

namespace {

using json::Value;

Value optional_json(const std::optional<int64_t>& number) { return number ? Value(*number) : Value(); }

// Null where the broker does not tell.
Value log_dirs_json(const Result<std::vector<kafka::LogDir>>& dirs) {
  if (!dirs) return {};
  Value array = Value::array();
  for (const kafka::LogDir& dir : *dirs) {
    Value one = Value::object();
    one.add("path", dir.path).add("totalBytes", optional_json(dir.total_bytes));
    one.add("usableBytes", optional_json(dir.usable_bytes));
    array.append(std::move(one));
  }
  return array;
}

Value registry_json(schema_registry::Client& registry) {
  const auto level = registry.compatibility_level("");
  // Whatever it answers, it is there.
  const bool is_reachable =
      level || (level.error().code != ErrorCode::kUnavailable && level.error().code != ErrorCode::kTimeout);
  Value object = Value::object();
  object.add("isReachable", is_reachable);
  object.add("compatibility", level ? Value(*level) : Value());
  object.add("problem", level ? Value() : Value(level.error().message));
  return object;
}

Answer<std::string> describe(const ClusterResource& resource) {
  const auto admin = resource.access->admin();
  if (!admin) return refuse(problem_of(admin.error()));
  const auto cluster = (*admin)->describe_cluster();
  if (!cluster) return refuse(problem_of(cluster.error()));
  std::vector<int32_t> ids;
  for (const kafka::Broker& broker : cluster->brokers) ids.push_back(broker.id);
  const auto dirs = (*admin)->describe_log_dirs(ids, {});
  std::vector<std::string> warnings;
  Value brokers = Value::array();
  for (size_t i = 0; i < ids.size(); ++i) {
    if (!dirs[i]) warnings.push_back("its folders are not known: " + dirs[i].error().message);
    Value one = Value::object();
    one.add("id", ids[i]).add("host", cluster->brokers[i].host).add("port", cluster->brokers[i].port);
    one.add("logDirs", log_dirs_json(dirs[i]));
    brokers.append(std::move(one));
  }
  Value body = Value::object();
  body.add("version", resource.parts.version).add("clusterId", cluster->cluster_id);
  body.add("controller", cluster->controller ? Value(*cluster->controller) : Value());
  body.add("brokers", std::move(brokers)).add("registry", registry_json(resource.parts.registry));
  body.add("warnings", warnings_json(warnings));
  return json::to_text(body);
}

}  // namespace

Operations cluster_info_operations(const ClusterResource& resource) {
  return {{.pattern = "/v1/cluster",
           .id = "getCluster",
           .tag = "Cluster",
           .summary = "The brokers, and whether the registry answers",
           .answers = {{200,
                        {"The cluster",
                         {{"application/json", object_schema("version:string clusterId:string controller:integer? "
                                                             "brokers:array registry:object warnings:array")}}}}},
           .problems = {ProblemType::kUnavailable},
           .handler = resource.handler([resource](const http::Exchange&) { return describe(resource); })}};
}

}  // namespace omashu::service
