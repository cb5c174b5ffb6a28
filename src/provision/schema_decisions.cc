#include "provision/schema_decisions.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <ranges>

#include "avro/schema_text.h"
#include "avro/transitions.h"
#include "provision/type_definitions.h"

namespace omashu::provision {

using schema_registry::Reference;
using schema_registry::SubjectVersion;

namespace {

struct Resolved {
  avro::Schema schema;
  std::vector<Reference> references;
};

std::vector<Reference> sorted(std::vector<Reference> references) {
  std::ranges::sort(references, {}, [](const Reference& r) { return std::tie(r.name, r.subject, r.version); });
  return references;
}

class Decider {
 public:
  Decider(const Desired& desired, const Observed& observed) : desired_(desired), observed_(observed) {}

  SchemaDecisions decide() {
    std::vector<std::vector<size_t>> subjects_of(desired_.schemas.size());
    for (size_t i = 0; i < desired_.subjects.size(); ++i) subjects_of[desired_.subjects[i].schema].push_back(i);
    resolved_.resize(desired_.schemas.size());
    for (size_t i = 0; i < desired_.schemas.size(); ++i) {
      resolved_[i] = resolve(desired_.schemas[i]);
      if (!resolved_[i]) continue;
      for (const size_t subject : subjects_of[i]) decide_subject(subject, *resolved_[i]);
    }
    return std::move(decisions_);
  }

 private:
  // Nothing where the schema, or one that it refers to, hangs on a violation.
  std::optional<Resolved> resolve(const DesiredSchema& wanted) {
    std::vector<avro::Schema> schemas;
    std::vector<Reference> references;
    bool is_complete = has_pinned_versions(wanted);
    for (const Link& link : wanted.links) {
      if (const auto pinned = find_pinned(wanted, link)) {
        is_complete = resolve_in_registry(wanted, link, *pinned, schemas, references) && is_complete;
      } else if (link.target) {
        if (!resolved_[*link.target]) return std::nullopt;
        const size_t subject = desired_.schemas[*link.target].subject;
        schemas.push_back(resolved_[*link.target]->schema);
        references.push_back({link.type_name, desired_.subjects[subject].name, versions_.at(subject)});
      } else if (!resolve_in_registry(wanted, link, schemas, references)) {
        is_complete = false;
      }
    }
    if (!is_complete) return std::nullopt;
    if (wanted.schema) return Resolved{*wanted.schema, std::move(references)};
    auto parsed = avro::Schema::parse(wanted.file.text, {.references = schemas});
    if (!parsed) {
      note({wanted.file.path, parsed.error().position.value_or(TextPosition{})}, parsed.error().message);
      return std::nullopt;
    }
    const std::vector<Error> mistakes = avro::find_transition_mistakes(*parsed, wanted.file.text);
    for (const Error& mistake : mistakes) note({wanted.file.path, *mistake.position}, mistake.message);
    if (!mistakes.empty()) return std::nullopt;
    return Resolved{*std::move(parsed), std::move(references)};
  }

  bool has_pinned_versions(const DesiredSchema& wanted) {
    bool has_all = true;
    for (const auto& [subject, version] : wanted.pinned_references) {
      if (observed_.schemas.contains(subject, version)) continue;
      note(desired_.subjects[wanted.subject].place,
           fmt::format("reference.{}={}: the registry has no such version", subject, version));
      has_all = false;
    }
    return has_all;
  }

  // What the type is in the versions that the row pins, if it is there.
  std::optional<Reference> find_pinned(const DesiredSchema& wanted, const Link& link) const {
    for (const auto& [subject, number] : wanted.pinned_references) {
      const SubjectVersion* version = observed_.schemas.find(subject, number);
      const auto json = version == nullptr ? fail(Error{}) : json::parse(version->text.schema);
      if (!json) continue;
      const std::vector<TypeDefinition> definitions = find_type_definitions(*json);
      for (const std::string& name : {link.type_name, link.fallback_name}) {
        if (std::ranges::find(definitions, name, &TypeDefinition::full_name) == definitions.end()) continue;
        return Reference{name, subject, number};
      }
    }
    return std::nullopt;
  }

  bool resolve_in_registry(const DesiredSchema& wanted, const Link& link, std::vector<avro::Schema>& schemas,
                           std::vector<Reference>& references) {
    const Place place{wanted.file.path, link.position};
    auto found = observed_.found_types.find(link.type_name);
    if (found == observed_.found_types.end()) found = observed_.found_types.find(link.fallback_name);
    if (found == observed_.found_types.end()) {
      note(place, fmt::format("the type {} is defined by no schema file of the list and by no subject's latest version "
                              "in the registry{}",
                              link.type_name, link.advice.empty() ? ": add a row for its schema" : link.advice));
      return false;
    }
    return resolve_in_registry(wanted, link, {found->first, found->second.subject, found->second.version}, schemas,
                               references);
  }

  bool resolve_in_registry(const DesiredSchema& wanted, const Link& link, const Reference& reference,
                           std::vector<avro::Schema>& schemas, std::vector<Reference>& references) {
    auto schema = observed_.schemas.parse(reference);
    if (!schema) {
      note({wanted.file.path, link.position},
           fmt::format("the type {} is in the registry, but {}", reference.name, schema.error().message));
      return false;
    }
    schemas.push_back(*std::move(schema));
    references.push_back(reference);
    return true;
  }

  void decide_subject(size_t index, const Resolved& resolved) {
    SubjectDecision decision{.subject = index,
                             .text = {.schema = avro::to_java_text(resolved.schema), .references = resolved.references},
                             .schema = resolved.schema};
    const auto observed = observed_.subjects.find(desired_.subjects[index].name);
    if (observed == observed_.subjects.end() || observed->second.versions.empty()) {
      decision.version = 1;
      decision.is_new = true;
    } else {
      const std::vector<SubjectVersion>& versions = observed->second.versions;
      const SubjectVersion* same = find_same(decision, versions);
      decision.is_new = same == nullptr;
      decision.version = same == nullptr ? versions.back().version + 1 : same->version;
      if (same != nullptr && same != &versions.back()) note_older(*same, versions.back());
    }
    versions_[index] = decision.version;
    decisions_.subjects.push_back(std::move(decision));
  }

  const SubjectVersion* find_same(const SubjectDecision& wanted, const std::vector<SubjectVersion>& versions) const {
    const std::string text = comparable_text(wanted.schema);
    const std::vector<Reference> references = sorted(wanted.text.references);
    for (const SubjectVersion& version : std::views::reverse(versions)) {
      if (sorted(version.text.references) != references) continue;
      const auto schema = observed_.schemas.parse(version.text);
      if (schema ? comparable_text(*schema) == text : version.text.schema == wanted.text.schema) return &version;
    }
    return nullptr;
  }

  // A registry answers such a registration with the old version and makes no new one.
  void note_older(const SubjectVersion& same, const SubjectVersion& latest) {
    decisions_.notes.push_back(
        fmt::format("{}: the schema is its version {}, and the latest is {}; a registry does not "
                    "make an older version the latest again, so it stays as it is",
                    same.subject, same.version, latest.version));
  }

  void note(Place place, std::string message) {
    decisions_.violations.push_back({std::move(place), std::move(message)});
  }

  const Desired& desired_;
  const Observed& observed_;
  std::vector<std::optional<Resolved>> resolved_;
  std::map<size_t, int> versions_;  // by subject, as decided
  SchemaDecisions decisions_;
};

}  // namespace

SchemaDecisions decide_schemas(const Desired& desired, const Observed& observed) {
  return Decider(desired, observed).decide();
}

}  // namespace omashu::provision
