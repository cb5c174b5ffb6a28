#include "schema_registry/server/compatibility_check.h"

#include <fmt/core.h>

#include <algorithm>
#include <ranges>
#include <set>

#include "base/json.h"
#include "schema_registry/server/subject_name.h"

namespace omashu::schema_registry::server {

namespace {

using avro::CompatibilityLevel;

bool is_transitive(CompatibilityLevel level) {
  return level == CompatibilityLevel::kBackwardTransitive || level == CompatibilityLevel::kForwardTransitive ||
         level == CompatibilityLevel::kFullTransitive;
}

// Fields that metadata promises never to have (again).
constexpr std::string_view kReservedProperty = "confluent:reserved";

std::set<std::string> reserved_fields(const Annotations& annotations) {
  std::set<std::string> fields;
  const std::string list = metadata_property(annotations.metadata, kReservedProperty).value_or("");
  for (size_t start = 0; start < list.size();) {
    const size_t end = std::min(list.find(',', start), list.size());
    std::string_view field = std::string_view(list).substr(start, end - start);
    while (field.starts_with(' ')) field.remove_prefix(1);
    while (field.ends_with(' ')) field.remove_suffix(1);
    if (!field.empty()) fields.emplace(field);
    start = end + 1;
  }
  return fields;
}

bool has_field(const Candidate& candidate, std::string_view name) {
  const auto text = json::parse(candidate.text.schema);
  const json::Value* fields = text && text->is_object() ? text->find("fields") : nullptr;
  if (fields == nullptr || !fields->is_array()) return false;
  return std::ranges::any_of(fields->items(), [&](const json::Value& field) {
    const json::Value* field_name = field.is_object() ? field.find("name") : nullptr;
    return field_name != nullptr && field_name->is_string() && field_name->text() == name;
  });
}

std::vector<std::string> reserved_field_conflicts(const Candidate& candidate, const VersionEntry* before) {
  std::vector<std::string> messages;
  const std::set<std::string> reserved = reserved_fields(candidate.annotations);
  if (before != nullptr) {
    for (const std::string& field : reserved_fields(before->content->all_annotations())) {
      if (reserved.contains(field)) continue;
      messages.push_back(
          fmt::format("{{errorType:'RESERVED_FIELD_REMOVED', description:'The field {} is reserved in "
                      "version {} and not in the new schema'}}",
                      field, before->version));
    }
  }
  for (const std::string& field : reserved) {
    if (!has_field(candidate, field)) continue;
    messages.push_back(
        fmt::format("{{errorType:'FIELD_CONFLICTS_WITH_RESERVED_FIELD', description:'The new schema has "
                    "the field {}, which its metadata reserves'}}",
                    field));
  }
  return messages;
}

std::vector<std::string> describe(const std::vector<avro::VersionConflict>& conflicts, const VersionEntry& old) {
  std::vector<std::string> messages;
  for (const avro::VersionConflict& conflict : conflicts) {
    for (const avro::Incompatibility& reason : conflict.incompatibilities) {
      messages.push_back(avro::registry_message(reason, conflict.new_schema_reads_old));
    }
  }
  messages.push_back(fmt::format("{{oldSchemaVersion: {}}}", old.version));
  messages.push_back(fmt::format("{{oldSchema: '{}'}}", old.content->text.schema));
  return messages;
}

std::vector<std::string> schema_conflicts(const Store& store, std::string_view subject, const Candidate& candidate,
                                          const ConfigValue& config, std::span<const VersionEntry> versions) {
  const CompatibilityLevel level = *config.level;
  if (level == CompatibilityLevel::kNone) return {};
  const auto group_of = [&](const Annotations& annotations) {
    return metadata_property(annotations.metadata, *config.compatibility_group);
  };
  for (const VersionEntry& old : versions | std::views::reverse) {
    if (config.compatibility_group && group_of(old.content->all_annotations()) != group_of(candidate.annotations)) {
      continue;
    }
    Answer<avro::Schema> schema = parse_with_references(store, context_of(subject), old.content->text);
    if (!schema) return {fmt::format("version {} cannot be compared: {}", old.version, schema.error().message)};
    const avro::VersionedSchema earlier[] = {{old.version, *std::move(schema)}};
    const auto conflicts = avro::check_compatibility(level, candidate.schema, earlier);
    if (!conflicts.empty()) return describe(conflicts, old);
    if (!is_transitive(level)) break;
  }
  return {};
}

}  // namespace

std::vector<std::string> conflicts_with(const Store& store, std::string_view subject, const Candidate& candidate,
                                        const ConfigValue& config, std::span<const VersionEntry> versions) {
  const bool validates_fields = config.validate_fields.value_or(false);
  std::vector<std::string> messages;
  if (validates_fields) messages = reserved_field_conflicts(candidate, versions.empty() ? nullptr : &versions.back());
  std::ranges::move(schema_conflicts(store, subject, candidate, config, versions), std::back_inserter(messages));
  if (messages.empty()) return {};
  messages.push_back(fmt::format("{{validateFields: '{}', compatibility: '{}'}}", validates_fields,
                                 avro::compatibility_level_name(*config.level)));
  return messages;
}

std::vector<VersionEntry> live_versions(const Store& store, std::string_view subject) {
  std::vector<VersionEntry> live;
  if (const Subject* found = store.find_subject(subject)) {
    std::ranges::copy_if(found->versions, std::back_inserter(live),
                         [](const VersionEntry& entry) { return !entry.is_deleted; });
  }
  return live;
}

}  // namespace omashu::schema_registry::server
