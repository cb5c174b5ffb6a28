// check_schema_compatibility: the registry's rule, applied before anything is written, also where a schema refers to
// one that is itself only planned.

#include <fmt/core.h>

#include <string_view>

#include "avro/compatibility.h"
#include "base/json_pointer.h"
#include "base/shown.h"
#include "provision/schema_decisions.h"

namespace omashu::provision {

using schema_registry::SubjectVersion;

namespace {

class Checker {
 public:
  Checker(const Desired& desired, const Observed& observed, std::vector<Mistake>& violations,
          std::vector<std::string>& notes)
      : desired_(desired), observed_(observed), violations_(violations), notes_(notes) {}

  void check(const SubjectDecision& decision) {
    const DesiredSubject& subject = desired_.subjects[decision.subject];
    const auto found = observed_.subjects.find(subject.name);
    if (!decision.is_new || found == observed_.subjects.end()) return;
    const ObservedSubject& observed = found->second;
    const std::string level_name = subject.compatibility.value_or(observed.compatibility_level);
    const auto level = avro::parse_compatibility_level(level_name);
    if (!level) {
      notes_.push_back(fmt::format("{}: the compatibility level {} is not known here; the registry alone checks it",
                                   subject.name, shown(level_name)));
      return;
    }
    if (*level == avro::CompatibilityLevel::kNone) return;
    const auto conflicts = avro::check_compatibility(*level, decision.schema, parsed_versions(subject.name, observed));
    for (const avro::VersionConflict& conflict : conflicts) report(subject, *level, conflict);
  }

 private:
  std::vector<avro::VersionedSchema> parsed_versions(const std::string& subject, const ObservedSubject& observed) {
    std::vector<avro::VersionedSchema> parsed;
    for (const SubjectVersion& version : observed.versions) {
      auto schema = observed_.schemas.parse(version.text);
      if (schema) {
        parsed.push_back({version.version, *std::move(schema)});
      } else {
        notes_.push_back(
            fmt::format("{} version {} cannot be compared with: {}", subject, version.version, schema.error().message));
      }
    }
    return parsed;
  }

  void report(const DesiredSubject& subject, avro::CompatibilityLevel level, const avro::VersionConflict& conflict) {
    const SchemaFile& file = desired_.schemas[subject.schema].file;
    Place place{file.path, {}};
    std::string reasons;
    for (const avro::Incompatibility& reason : conflict.incompatibilities) {
      // The location is one in the reader, which is the file only in this direction.
      if (reasons.empty() && conflict.new_schema_reads_old)
        place.position = json::position_of_pointer(file.text, reason.location);
      reasons += fmt::format("{}{} at {}: {}", reasons.empty() ? "" : "; ", avro::incompatibility_name(reason.type),
                             reason.location, reason.message);
    }
    violations_.push_back(
        {std::move(place), fmt::format("incompatible with version {} of {} (level {}): {}: {}", conflict.version,
                                       subject.name, avro::compatibility_level_name(level),
                                       conflict.new_schema_reads_old ? "it cannot read what that version wrote"
                                                                     : "that version cannot read what it writes",
                                       reasons)});
  }

  const Desired& desired_;
  const Observed& observed_;
  std::vector<Mistake>& violations_;
  std::vector<std::string>& notes_;
};

}  // namespace

std::set<size_t> check_schema_compatibility(const Desired& desired, const Observed& observed,
                                            const SchemaDecisions& decisions, std::vector<Mistake>& violations,
                                            std::vector<std::string>& notes) {
  Checker checker(desired, observed, violations, notes);
  std::set<size_t> refused;
  for (const SubjectDecision& decision : decisions.subjects) {
    const size_t before = violations.size();
    checker.check(decision);
    if (violations.size() != before) refused.insert(decision.subject);
  }
  return refused;
}

}  // namespace omashu::provision
