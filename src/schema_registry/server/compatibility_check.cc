#include "schema_registry/server/compatibility_check.h"

#include <fmt/core.h>

#include <algorithm>
#include <ranges>

#include "schema_registry/server/subject_name.h"

namespace omashu::schema_registry::server {

namespace {

using avro::CompatibilityLevel;

bool is_transitive(CompatibilityLevel level) {
  return level == CompatibilityLevel::kBackwardTransitive || level == CompatibilityLevel::kForwardTransitive ||
         level == CompatibilityLevel::kFullTransitive;
}

std::vector<std::string> describe(const std::vector<avro::VersionConflict>& conflicts, const VersionEntry& old,
                                  CompatibilityLevel level) {
  std::vector<std::string> messages;
  for (const avro::VersionConflict& conflict : conflicts) {
    for (const avro::Incompatibility& reason : conflict.incompatibilities) {
      messages.push_back(avro::registry_message(reason, conflict.new_schema_reads_old));
    }
  }
  messages.push_back(fmt::format("{{oldSchemaVersion: {}}}", old.version));
  messages.push_back(fmt::format("{{oldSchema: '{}'}}", old.content->text.schema));
  messages.push_back(
      fmt::format("{{validateFields: 'false', compatibility: '{}'}}", avro::compatibility_level_name(level)));
  return messages;
}

}  // namespace

std::vector<std::string> conflicts_with(const Store& store, std::string_view subject, const Candidate& candidate,
                                        CompatibilityLevel level, std::span<const VersionEntry> versions) {
  if (level == CompatibilityLevel::kNone) return {};
  for (const VersionEntry& old : versions | std::views::reverse) {
    Answer<avro::Schema> schema = parse_with_references(store, context_of(subject), old.content->text);
    if (!schema) return {fmt::format("version {} cannot be compared: {}", old.version, schema.error().message)};
    const avro::VersionedSchema earlier[] = {{old.version, *std::move(schema)}};
    const auto conflicts = avro::check_compatibility(level, candidate.schema, earlier);
    if (!conflicts.empty()) return describe(conflicts, old, level);
    if (!is_transitive(level)) break;
  }
  return {};
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
