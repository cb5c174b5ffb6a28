#include "schema_registry/server/retagging.h"

#include <fmt/core.h>

#include "schema_registry/server/candidate.h"
#include "schema_registry/server/versions.h"

namespace omashu::schema_registry::server {

namespace {

constexpr int kUnprocessable = 422;

Answer<std::string> parse_rules_to_merge(const json::Value& object) {
  const json::Value* rules = object.find("rulesToMerge");
  if (rules == nullptr || rules->is_null()) return std::string();
  Result<std::string> rule_set = normalized_rule_set(*rules);
  if (!rule_set) return refuse(kUnprocessable, std::move(rule_set.error().message));
  if (auto checked = check_rule_set(*rule_set); !checked) return invalid_rule_set(checked.error().message);
  return *std::move(rule_set);
}

Answer<std::vector<std::string>> parse_rules_to_remove(const json::Value& object) {
  std::vector<std::string> names;
  const json::Value* array = object.find("rulesToRemove");
  if (array == nullptr || array->is_null()) return names;
  if (!array->is_array()) return refuse(kUnprocessable, "\"rulesToRemove\" must be an array of names");
  for (const json::Value& name : array->items()) {
    if (!name.is_string()) return refuse(kUnprocessable, "\"rulesToRemove\" must be an array of names");
    names.push_back(name.text());
  }
  return names;
}

}  // namespace

Answer<Retagging> parse_retagging(std::string_view body) {
  const Answer<json::Value> object = parse_body(body);
  if (!object) return std::unexpected(object.error());
  Retagging wanted;
  Answer<TagChanges> tags = parse_tag_changes(*object, "tagsToAdd", "tagsToRemove");
  if (!tags) return std::unexpected(std::move(tags.error()));
  wanted.tags = *std::move(tags);
  Result<Annotations> annotations = parse_annotations(*object);
  if (!annotations) return refuse(kUnprocessable, std::move(annotations.error().message));
  wanted.annotations = *std::move(annotations);
  if (auto checked = check_rule_set(wanted.annotations.rule_set); !checked) {
    return invalid_rule_set(checked.error().message);
  }
  Answer<std::string> rules = parse_rules_to_merge(*object);
  if (!rules) return std::unexpected(std::move(rules.error()));
  wanted.rules_to_merge = *std::move(rules);
  Answer<std::vector<std::string>> names = parse_rules_to_remove(*object);
  if (!names) return std::unexpected(std::move(names.error()));
  wanted.rules_to_remove = *std::move(names);
  const bool changes_rules = !wanted.rules_to_merge.empty() || !wanted.rules_to_remove.empty();
  if (changes_rules && !wanted.annotations.rule_set.empty()) {
    return invalid_rule_set("ruleSet should be omitted if specifying rulesToMerge or rulesToRemove");
  }
  Answer<std::optional<int>> version = parse_number(*object, "newVersion");
  if (!version) return std::unexpected(std::move(version.error()));
  if (*version && **version > 0) wanted.new_version = *version;
  return wanted;
}

Answer<Decision> retag(const Store& store, const std::string& subject, const std::string& version,
                       const Retagging& wanted, bool tells_all) {
  const Answer<const VersionEntry*> named = find_named(store, subject, version, false);
  if (!named) return std::unexpected(named.error());
  const Content& content = *(*named)->content;
  Annotations annotations = content.all_annotations();
  if (!wanted.annotations.metadata.empty()) annotations.metadata = wanted.annotations.metadata;
  if (!wanted.annotations.rule_set.empty()) annotations.rule_set = wanted.annotations.rule_set;
  annotations.rule_set = merged({.rule_set = annotations.rule_set}, {.rule_set = wanted.rules_to_merge}).rule_set;
  annotations.rule_set = without_rules(annotations.rule_set, wanted.rules_to_remove);
  return register_schema(store, {.subject = subject,
                                 .request = {.text = content.text,
                                             .annotations = std::move(annotations),
                                             .version = wanted.new_version,
                                             .tags = wanted.tags},
                                 .tells_all = tells_all});
}

}  // namespace omashu::schema_registry::server
