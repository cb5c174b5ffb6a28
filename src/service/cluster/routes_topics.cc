// GET /v1/topics, /v1/topics/{topic}

#include "base/topic_name.h"
#include "inspect/topic_report_json.h"
#include "serde/subject_name.h"
#include "service/cluster/cluster_resource.h"
#include "service/cluster/json_names.h"

namespace omashu::service {

namespace {

using json::Value;

void add_kind(Value& object, const Parts& parts, const std::string& topic) {
  object.add("isInternal", is_internal_topic(topic)).add("isTable", parts.tables.find(topic) != nullptr);
}

Answer<std::string> list_topics(const ClusterResource& resource) {
  const auto admin = resource.access->admin();
  if (!admin) return refuse(problem_of(admin.error()));
  const auto groups = resource.access->groups();
  if (!groups) return refuse(problem_of(groups.error()));
  auto topics = (*admin)->list_topics(/*with_internal=*/true);
  if (!topics) return refuse(problem_of(topics.error()));
  const auto found = inspect::observe_topic_list(**admin, *groups, *std::move(topics));
  Value rows = Value::array();
  for (const inspect::TopicSummary& topic : found.topics) {
    Value row = with_service_names(inspect::topic_row(topic));
    row.add("records", topic.offsets ? Value(*topic.offsets) : Value());
    add_kind(row, resource.parts, topic.description.name);
    rows.append(std::move(row));
  }
  Value body = Value::object();
  body.add("topics", std::move(rows)).add("warnings", warnings_json(found.warnings));
  return json::to_text(body);
}

// The latest versions of the topic's subjects, as far as there are any.
Value subjects_json(schema_registry::Client& registry, const std::string& topic, std::vector<std::string>& warnings) {
  const std::vector<std::string> names = {serde::topic_subject(topic, serde::RecordPart::kKey),
                                          serde::topic_subject(topic, serde::RecordPart::kValue)};
  const auto latest = registry.latest_of_all(names);
  Value subjects = Value::array();
  for (size_t i = 0; i < names.size(); ++i) {
    if (!latest[i]) {
      if (latest[i].error().code == ErrorCode::kNotFound) continue;
      warnings.push_back("a schema is not known: " + latest[i].error().message);
      continue;
    }
    Value one = Value::object();
    one.add("subject", names[i]).add("part", i == 0 ? "key" : "value");
    one.add("version", latest[i]->version).add("id", static_cast<int32_t>(latest[i]->id));
    subjects.append(std::move(one));
  }
  return subjects;
}

Answer<std::string> describe_topic(const ClusterResource& resource, const std::string& name) {
  const auto admin = resource.access->admin();
  if (!admin) return refuse(problem_of(admin.error()));
  const auto groups = resource.access->groups();
  if (!groups) return refuse(problem_of(groups.error()));
  auto topic = topic_of(**admin, name);
  if (!topic) return refuse(std::move(topic.error()));
  auto found = inspect::observe_topics({.admin = **admin,
                                        .groups = **groups,
                                        .open_consumer = [&] { return resource.access->open_consumer(); },
                                        .timeout = kClusterTimeout},
                                       {*std::move(topic)});
  const inspect::TopicReport& report = found.reports.front();
  Value body = with_service_names(inspect::topic_report_json(report, inspect::ConfigScope::kAll));
  body.add("records", inspect::offset_count(report));
  add_kind(body, resource.parts, name);
  body.add("subjects", subjects_json(resource.parts.registry, name, found.warnings));
  body.add("warnings", warnings_json(found.warnings));
  return json::to_text(body);
}

}  // namespace

Operations topic_operations(const ClusterResource& resource) {
  return {{.pattern = "/v1/topics",
           .id = "listTopics",
           .tag = "Cluster",
           .summary = "All topics, with sizes",
           .answers = {{200,
                        {"The topics, by name", {{"application/json", object_schema("topics:array warnings:array")}}}}},
           .problems = {ProblemType::kUnavailable},
           .handler = resource.handler([resource](const http::Exchange&) { return list_topics(resource); })},
          {.pattern = "/v1/topics/{topic}",
           .id = "getTopic",
           .tag = "Cluster",
           .summary = "One topic: partitions, settings, the groups that read it, its schemas",
           .parameters = {topic_parameter()},
           .answers = {{200,
                        {"The topic",
                         {{"application/json",
                           object_schema("topic:string replicationFactor:integer bytes:integer? replicasBytes:integer? "
                                         "partitions:array configs:array newestRecord:object? groups:array "
                                         "records:integer isInternal:boolean isTable:boolean subjects:array "
                                         "warnings:array")}}}}},
           .problems = {ProblemType::kNotFound, ProblemType::kUnavailable},
           .handler = resource.handler([resource](const http::Exchange& exchange) {
             return describe_topic(resource, exchange.parameter("topic"));
           })}};
}

}  // namespace omashu::service
