#include "provision/observe_schemas.h"

#include <algorithm>
#include <ranges>

#include "provision/schema_decisions.h"

namespace omashu::provision {

using schema_registry::Client;
using schema_registry::SchemaText;
using schema_registry::SubjectVersion;

namespace {

Result<void> observe_latest(const Desired& desired, Client& registry, Observed& observed) {
  std::vector<std::string> names;
  for (const DesiredSubject& subject : desired.subjects) names.push_back(subject.name);
  std::vector<std::string> existing;
  auto answers = registry.latest_of_all(names);
  for (size_t i = 0; i < names.size(); ++i) {
    if (answers[i]) {
      observed.schemas.add(*answers[i]);
      observed.subjects[names[i]].versions.push_back(*std::move(answers[i]));
      existing.push_back(names[i]);
    } else if (answers[i].error().code != ErrorCode::kNotFound) {
      return fail(std::move(answers[i]).error());
    }
  }
  std::vector<std::string> absent;
  for (const DesiredSubject& subject : desired.subjects) {
    if (subject.compatibility && !observed.subjects.contains(subject.name)) absent.push_back(subject.name);
  }
  auto absent_levels = registry.compatibility_level_of_all(absent);
  for (size_t i = 0; i < absent.size(); ++i) {
    if (!absent_levels[i]) return fail(std::move(absent_levels[i]).error());
    observed.absent_levels[absent[i]] = *std::move(absent_levels[i]);
  }
  auto levels = registry.compatibility_level_of_all(existing);
  for (size_t i = 0; i < existing.size(); ++i) {
    if (!levels[i]) return fail(std::move(levels[i]).error());
    observed.subjects[existing[i]].compatibility_level = *std::move(levels[i]);
  }
  return {};
}

Result<void> fetch_references(const Desired& desired, Client& registry, Observed& observed) {
  std::vector<const SchemaText*> texts;
  for (const auto& [name, subject] : observed.subjects) {
    for (const SubjectVersion& version : subject.versions) texts.push_back(&version.text);
  }
  std::vector<SchemaText> found;
  for (const auto& [name, type] : observed.found_types) {
    found.push_back({.schema = "", .references = {{name, type.subject, type.version}}});
  }
  for (const DesiredSchema& schema : desired.schemas) {
    for (const auto& [subject, version] : schema.pinned_references) {
      found.push_back({.schema = "", .references = {{"", subject, version}}});
    }
  }
  for (const SchemaText& text : found) texts.push_back(&text);
  return observed.schemas.fetch_references(registry, texts);
}

// All versions of the subjects whose latest is not what is wanted: an older one may be, and the transitive levels
// compare with each of them.
Result<void> observe_history(const Desired& desired, Client& registry, Observed& observed) {
  std::vector<std::string> names;
  for (const SubjectDecision& decision : decide_schemas(desired, observed).subjects) {
    const std::string& name = desired.subjects[decision.subject].name;
    if (decision.is_new && observed.subjects.contains(name)) names.push_back(name);
  }
  if (names.empty()) return {};
  std::vector<Client::SubjectAndVersion> questions;
  auto numbers = registry.versions_of_all(names);
  for (size_t i = 0; i < names.size(); ++i) {
    if (!numbers[i]) return fail(std::move(numbers[i]).error());
    const int latest = observed.subjects[names[i]].versions.back().version;
    for (const int number : *numbers[i]) {
      if (number != latest) questions.push_back({names[i], number});
    }
  }
  auto answers = registry.version_of_all(questions);
  for (size_t i = 0; i < questions.size(); ++i) {
    if (!answers[i]) return fail(std::move(answers[i]).error());
    observed.schemas.add(*answers[i]);
    observed.subjects[questions[i].subject].versions.push_back(*std::move(answers[i]));
  }
  for (const std::string& name : names) {
    std::ranges::sort(observed.subjects[name].versions, {}, &SubjectVersion::version);
  }
  return fetch_references(desired, registry, observed);
}

}  // namespace

Result<void> observe_schemas(const Desired& desired, Client& registry, Observed& observed) {
  if (auto done = observe_latest(desired, registry, observed); !done) return done;
  if (auto done = find_types(desired, registry, observed); !done) return done;
  if (auto done = fetch_references(desired, registry, observed); !done) return done;
  return observe_history(desired, registry, observed);
}

}  // namespace omashu::provision
