#include "inspect/subject_versions.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "base/nearest.h"

namespace omashu::inspect {

using schema_registry::Client;
using schema_registry::SubjectVersion;

Error subject_error(Client& registry, const std::string& subject, Error error) {
  if (error.code != ErrorCode::kNotFound) return error;
  const auto subjects = registry.subjects();
  if (!subjects || std::ranges::find(*subjects, subject) != subjects->end()) return error;
  return {ErrorCode::kNotFound,
          fmt::format("subject {} is not in the registry{}", subject, did_you_mean(subject, *subjects)),
          {}};
}

Result<SubjectVersions> versions_of(Client& registry, const std::string& subject, bool with_deleted) {
  SubjectVersions versions;
  const std::span<const std::string> asked(&subject, 1);
  auto live = registry.versions_of_all(asked).front();
  if (live) {
    versions.live = *std::move(live);
  } else if (!with_deleted || live.error().code != ErrorCode::kNotFound) {
    return fail(subject_error(registry, subject, std::move(live.error())));
  }
  if (!with_deleted) return versions;
  auto all = registry.versions_of_all(asked, /*with_deleted=*/true).front();
  if (!all) return fail(subject_error(registry, subject, std::move(all.error())));
  std::ranges::copy_if(*all, std::back_inserter(versions.deleted),
                       [&](int version) { return std::ranges::find(versions.live, version) == versions.live.end(); });
  return versions;
}

Result<SubjectVersion> find_version(Client& registry, const std::string& subject, std::optional<int64_t> number,
                                    bool with_deleted) {
  auto versions = versions_of(registry, subject, with_deleted);
  if (!versions) return fail(std::move(versions.error()));
  std::vector<int> there = std::move(versions->live);
  if (!number && !there.empty()) {
    auto latest = registry.latest(subject);
    return latest ? std::move(latest) : fail(subject_error(registry, subject, std::move(latest.error())));
  }
  there.insert(there.end(), versions->deleted.begin(), versions->deleted.end());
  std::ranges::sort(there);
  if (there.empty()) return fail(ErrorCode::kNotFound, fmt::format("subject {} has no version", subject));
  const int64_t wanted = number.value_or(there.back());
  if (std::ranges::find(there, wanted) == there.end()) {
    return fail(ErrorCode::kNotFound,
                fmt::format("subject {} has no version {}: it has {}", subject, wanted, fmt::join(there, ", ")));
  }
  const Client::SubjectAndVersion place{subject, static_cast<int>(wanted)};
  const std::span<const Client::SubjectAndVersion> asked(&place, 1);
  return with_deleted ? registry.referenced_versions(asked).front() : registry.version_of_all(asked).front();
}

std::string pretty_schema(const std::string& schema) {
  const auto json = json::parse(schema);
  return json ? json::to_pretty_text(*json) : schema;
}

json::Value references_json(const std::vector<schema_registry::Reference>& references) {
  json::Value array = json::Value::array();
  for (const schema_registry::Reference& reference : references) {
    json::Value one = json::Value::object();
    one.add("name", reference.name);
    one.add("subject", reference.subject);
    one.add("version", reference.version);
    array.append(std::move(one));
  }
  return array;
}

}  // namespace omashu::inspect
