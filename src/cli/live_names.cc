#include "cli/live_names.h"

#include <algorithm>

#include "base/json.h"
#include "base/topic_name.h"
#include "cli/cluster.h"
#include "cli/option_parser.h"

namespace omashu::cli {

namespace {

using Names = CompletionPoint::Names;

constexpr std::chrono::milliseconds kPatience{300};

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

// The symbols of an enum, alone or in a union.
std::vector<std::string> symbols_in(const json::Value& type) {
  std::vector<std::string> symbols;
  for (const json::Value& branch : type.items()) {
    for (std::string& symbol : symbols_in(branch)) symbols.push_back(std::move(symbol));
  }
  if (const json::Value* list = type.find("symbols")) {
    for (const json::Value& symbol : list->items()) symbols.push_back(symbol.text());
  }
  return symbols;
}

// The fields of the topic's latest value schema; for a condition each with `=`, and an enum's symbols once its field
// and the sign are typed.
std::vector<std::string> fields_of(Cluster& cluster, const CompletionPoint& point) {
  const auto registry = cluster.registry();
  if (!registry || point.topic.empty()) return {};
  const auto latest = (*registry)->latest(point.topic + "-value");
  if (!latest) return {};
  const auto schema = json::parse(latest->text.schema);
  const json::Value* fields = schema ? schema->find("fields") : nullptr;
  std::vector<std::string> names;
  if (fields == nullptr) return names;
  for (const json::Value& field : fields->items()) {
    const json::Value *name = field.find("name"), *type = field.find("type");
    if (name == nullptr || type == nullptr) continue;
    if (point.names == Names::kFields) {
      names.push_back(name->text());
      continue;
    }
    const std::string start = name->text() + "=";
    names.push_back(start);
    if (!point.typed.starts_with(start)) continue;
    names.pop_back();
    for (const std::string& symbol : symbols_in(*type)) names.push_back(start + symbol);
  }
  return names;
}

}  // namespace

std::vector<std::string> live_names(Context& context, const CompletionPoint& point) {
  if (point.names == Names::kNone || point.names == Names::kFiles) return {};
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
    case Names::kFiles: break;
  }
  return {};
}

}  // namespace omashu::cli
