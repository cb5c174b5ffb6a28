#include "cli/completion/live_names.h"

#include <functional>

#include "base/topic_name.h"
#include "cli/connection/cluster.h"
#include "cli/connection/context_file.h"
#include "cli/option_parser.h"
#include "table/typed_topic.h"

namespace omashu::cli {

namespace {

using Names = CompletionPoint::Names;

constexpr std::chrono::milliseconds kPatience{300};

std::vector<std::string> contexts() {
  std::vector<std::string> names;
  const auto file = ContextFile::load(context_file_path(process_environment));
  if (!file) return names;
  for (const auto& [name, properties] : file->contexts) names.push_back(name);
  return names;
}

std::vector<std::string> topics_of(Cluster& cluster) {
  std::vector<std::string> names;
  const auto admin = cluster.admin();
  if (!admin) return names;
  const auto topics = (*admin)->list_topics();
  if (!topics) return names;
  for (const kafka::TopicDescription& topic : *topics) {
    if (!is_internal_topic(topic.name)) names.push_back(topic.name);
  }
  return names;
}

std::vector<std::string> groups_of(Cluster& cluster) {
  std::vector<std::string> names;
  const auto admin = cluster.group_admin();
  if (!admin) return names;
  const auto groups = (*admin)->list_groups();
  if (!groups) return names;
  for (const kafka::GroupDescription& group : *groups) names.push_back(group.id);
  return names;
}

std::vector<std::string> subjects_of(Cluster& cluster) {
  const auto registry = cluster.registry();
  if (!registry) return {};
  return (*registry)->subjects().value_or(std::vector<std::string>());
}

// The one branch of a union that is not null, or the node itself.
const avro::Node& without_null(const avro::Node& node) {
  const avro::Node* only = nullptr;
  for (const avro::Node* branch : node.branches) {
    if (branch->type == avro::Type::kNull) continue;
    if (only != nullptr) return node;
    only = branch;
  }
  return only == nullptr ? node : *only;
}

// Calls `visit` with the dotted path and the type of each field of a record, and of the records in it.
void visit_fields(const avro::Node& node, const std::string& before, int depth,
                  const std::function<void(const std::string&, const avro::Node&)>& visit) {
  const avro::Node& record = without_null(node);
  if (record.type != avro::Type::kRecord || depth == 0) return;
  for (const avro::Field& field : record.fields) {
    visit(before + field.name, without_null(*field.type));
    visit_fields(*field.type, before + field.name + ".", depth - 1, visit);
  }
}

// The fields of the topic's latest schemas, those of its key as key.FIELD; for a condition each with `=`, and behind
// the sign the symbols of an enum.
std::vector<std::string> fields_of(Cluster& cluster, const CompletionPoint& point) {
  constexpr int kMaxDepth = 4;
  const auto registry = cluster.registry();
  if (!registry || point.topic.empty()) return {};
  const auto typed = table::TypedTopic::open(**registry, point.topic);
  if (!typed) return {};
  std::vector<std::string> names;
  const auto visit = [&](const std::string& path, const avro::Node& type) {
    if (point.names == Names::kFields) return names.push_back(path);
    std::string start = path + "=";
    if (point.typed.starts_with(path + "!=")) start = path + "!=";
    if (!point.typed.starts_with(start)) return names.push_back(start);
    for (const std::string& symbol : type.symbols) names.push_back(start + symbol);
    if (type.type == avro::Type::kBoolean) names.insert(names.end(), {start + "true", start + "false"});
  };
  const table::FilterSchemas schemas = typed->schemas();
  if (schemas.value) visit_fields(schemas.value->root(), "", kMaxDepth, visit);
  if (schemas.key) visit_fields(schemas.key->root(), "key.", kMaxDepth, visit);
  return names;
}

}  // namespace

std::vector<std::string> live_names(Context& context, const CompletionPoint& point) {
  if (point.names == Names::kNone || point.names == Names::kFiles) return {};
  if (point.names == Names::kContexts) return contexts();
  ConnectionOptions options;
  OptionParser parser;
  options.declare(parser);
  if (!parser.parse(point.connection)) return {};
  options.timeout = kPatience;
  options.wait = kPatience;
  auto cluster = Cluster::open(context, options);
  if (!cluster) return {};
  switch (point.names) {
    case Names::kTopics: return topics_of(*cluster);
    case Names::kGroups: return groups_of(*cluster);
    case Names::kSubjects: return subjects_of(*cluster);
    case Names::kFields:
    case Names::kConditions: return fields_of(*cluster, point);
    case Names::kNone:
    case Names::kFiles:
    case Names::kContexts: break;
  }
  return {};
}

}  // namespace omashu::cli
