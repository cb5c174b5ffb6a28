#include "inspect/subject_diff.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/json.h"
#include "inspect/subject_versions.h"
#include "provision/schema_changes.h"

namespace omashu::inspect {

using schema_registry::Client;
using schema_registry::SubjectVersion;

namespace {

Result<SubjectVersion> find_before(Client& registry, const std::string& subject, int after) {
  const auto versions = versions_of(registry, subject, false);
  if (!versions) return fail(versions.error());
  std::optional<int64_t> before;
  for (const int version : versions->live) {
    if (version < after) before = version;
  }
  if (before) return find_version(registry, subject, before);
  return fail(ErrorCode::kNotFound, fmt::format("subject {} has no version before {} to compare with", subject, after));
}

}  // namespace

Result<VersionPair> find_version_pair(Client& registry, const std::string& subject, std::optional<int64_t> from,
                                      std::optional<int64_t> to) {
  auto after = find_version(registry, subject, to);
  if (!after) return fail(std::move(after.error()));
  auto before = from ? find_version(registry, subject, from) : find_before(registry, subject, after->version);
  if (!before) return fail(std::move(before.error()));
  return VersionPair{.before = *std::move(before), .after = *std::move(after)};
}

std::vector<std::string> version_changes(const VersionPair& versions) {
  const auto& [before, after] = versions;
  std::vector<std::string> changes;
  const auto old = json::parse(before.text.schema), now = json::parse(after.text.schema);
  if (before.text.schema_type == "AVRO" && after.text.schema_type == "AVRO" && old && now) {
    changes = provision::schema_changes(*old, *now);
  }
  const auto reference_text = [](const schema_registry::Reference& reference) {
    return fmt::format("reference {} ({} version {})", reference.name, reference.subject, reference.version);
  };
  const auto& refers = after.text.references;
  const auto& referred = before.text.references;
  for (const auto& reference : refers) {
    if (std::ranges::find(referred, reference) == referred.end())
      changes.push_back(reference_text(reference) + " added");
  }
  for (const auto& reference : referred) {
    if (std::ranges::find(refers, reference) == refers.end()) changes.push_back(reference_text(reference) + " removed");
  }
  return changes;
}

}  // namespace omashu::inspect
