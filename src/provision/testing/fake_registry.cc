#include <fmt/core.h>

#include <algorithm>

#include "provision/testing/fake_servers.h"

namespace omashu::provision {

using schema_registry::Reference;

namespace {

std::unexpected<Error> not_found(const std::string& what) {
  return fail(ErrorCode::kNotFound, fmt::format("{} not found", what));
}

std::unexpected<Error> not_faked() { return fail(ErrorCode::kInternal, "this fake does not answer that"); }

template <class Answer, class Items, class Call>
std::vector<Result<Answer>> for_each_of(const Items& items, const Call& call) {
  std::vector<Result<Answer>> answers;
  for (const auto& item : items) answers.push_back(call(item));
  return answers;
}

}  // namespace

void FakeRegistry::put(const std::string& subject, const std::string& schema, std::vector<Reference> references) {
  SchemaText text{.schema = schema, .references = std::move(references)};
  const SchemaId id = ids_.try_emplace(text, SchemaId(static_cast<int>(ids_.size()) + 1)).first->second;
  const int number = ++highest_version[subject];
  held[subject][number] = {subject, number, id, std::nullopt, std::move(text)};
}

Result<std::vector<std::string>> FakeRegistry::subjects(bool) {
  std::vector<std::string> names;
  for (const auto& [name, versions] : held) names.push_back(name);
  return names;
}

Result<std::vector<int>> FakeRegistry::versions(const std::string& subject) {
  const auto found = held.find(subject);
  if (found == held.end()) return not_found(subject);
  std::vector<int> numbers;
  for (const auto& [number, version] : found->second) numbers.push_back(number);
  return numbers;
}

Result<FakeRegistry::SubjectVersion> FakeRegistry::latest(const std::string& subject) {
  const auto found = held.find(subject);
  if (found == held.end()) return not_found(subject);
  return found->second.rbegin()->second;
}

Result<FakeRegistry::SubjectVersion> FakeRegistry::version(const std::string& subject, int number) {
  const auto found = held.find(subject);
  if (found == held.end() || !found->second.contains(number)) return not_found(subject);
  return found->second.at(number);
}

Result<FakeRegistry::SubjectVersion> FakeRegistry::lookup(const std::string& subject, const SchemaText& text, bool) {
  const auto found = held.find(subject);
  if (found == held.end()) return not_found(subject);
  for (const auto& [number, version] : found->second) {
    if (version.text == text) return version;
  }
  return not_found("schema");
}

Result<FakeRegistry::SchemaId> FakeRegistry::register_schema(const std::string& subject, const SchemaText& text, bool) {
  ++writes;
  if (const auto failure = failures.find(subject); failure != failures.end()) return fail(failure->second);
  if (const auto known = lookup(subject, text, false)) return known->id;
  for (const Reference& reference : text.references) {
    if (!version(reference.subject, reference.version)) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("no version {} of {}", reference.version, reference.subject));
    }
  }
  register_order.push_back(subject);
  put(subject, text.schema, text.references);
  return latest(subject)->id;
}

Result<std::string> FakeRegistry::compatibility_level(const std::string& subject) {
  const auto own = levels.find(subject);
  return own == levels.end() ? levels.at("") : own->second;
}

Result<void> FakeRegistry::set_compatibility_level(const std::string& subject, const std::string& level) {
  ++writes;
  if (const auto failure = failures.find(subject); failure != failures.end()) return fail(failure->second);
  levels[subject] = level;
  return {};
}

Result<std::vector<int>> FakeRegistry::delete_subject(const std::string& subject, bool) {
  ++writes;
  for (const auto& [name, all] : held) {
    for (const auto& [number, version] : all) {
      const auto& references = version.text.references;
      if (name != subject && std::ranges::find(references, subject, &Reference::subject) != references.end()) {
        return fail(ErrorCode::kConflict, fmt::format("{} refers to {}", name, subject));
      }
    }
  }
  auto numbers = versions(subject);
  held.erase(subject);
  return numbers;
}

std::vector<Result<FakeRegistry::SchemaId>> FakeRegistry::register_all(std::span<const Registration> wanted, bool) {
  return for_each_of<SchemaId>(wanted,
                               [&](const Registration& r) { return register_schema(r.subject, r.text, false); });
}

std::vector<Result<std::vector<int>>> FakeRegistry::versions_of_all(std::span<const std::string> names, bool) {
  return for_each_of<std::vector<int>>(names, [&](const std::string& name) { return versions(name); });
}

std::vector<Result<FakeRegistry::SubjectVersion>> FakeRegistry::latest_of_all(std::span<const std::string> names) {
  return for_each_of<SubjectVersion>(names, [&](const std::string& name) { return latest(name); });
}

std::vector<Result<FakeRegistry::SubjectVersion>> FakeRegistry::version_of_all(
    std::span<const SubjectAndVersion> wanted) {
  return for_each_of<SubjectVersion>(wanted, [&](const SubjectAndVersion& v) { return version(v.subject, v.version); });
}

std::vector<Result<FakeRegistry::SubjectVersion>> FakeRegistry::referenced_versions(
    std::span<const SubjectAndVersion> wanted) {
  return version_of_all(wanted);
}

std::vector<Result<std::string>> FakeRegistry::compatibility_level_of_all(std::span<const std::string> names) {
  return for_each_of<std::string>(names, [&](const std::string& name) { return compatibility_level(name); });
}

Result<FakeRegistry::SchemaText> FakeRegistry::schema_by_id(SchemaId id) {
  for (const auto& [text, known] : ids_) {
    if (known == id) return text;
  }
  return not_found("schema");
}
Result<FakeRegistry::SchemaText> FakeRegistry::schema_by_guid(const std::string&) { return not_faked(); }
Result<std::vector<schema_registry::SubjectAndVersion>> FakeRegistry::versions_of_id(SchemaId) { return not_faked(); }
Result<std::vector<FakeRegistry::SchemaId>> FakeRegistry::referenced_by(const std::string&, int) { return not_faked(); }
Result<FakeRegistry::CompatibilityVerdict> FakeRegistry::check_compatibility(const std::string&, const SchemaText&,
                                                                             std::optional<int>) {
  return not_faked();
}
Result<std::string> FakeRegistry::mode(const std::string& subject) {
  const auto own = modes.find(subject);
  return own == modes.end() ? modes.at("") : own->second;
}
std::vector<Result<std::string>> FakeRegistry::mode_of_all(std::span<const std::string> names) {
  return for_each_of<std::string>(names, [&](const std::string& name) { return mode(name); });
}
Result<FakeRegistry::CompatibilityVerdict> FakeRegistry::check_compatibility_at_level(const std::string&,
                                                                                      const SchemaText&) {
  return not_faked();
}
Result<std::optional<std::string>> FakeRegistry::own_compatibility_level(const std::string&) { return not_faked(); }
Result<void> FakeRegistry::clear_compatibility_level(const std::string&) { return not_faked(); }
Result<int> FakeRegistry::delete_version(const std::string&, int, bool) { return not_faked(); }
std::vector<Result<FakeRegistry::CompatibilityVerdict>> FakeRegistry::check_compatibility_of_all(
    std::span<const Registration> wanted) {
  return for_each_of<CompatibilityVerdict>(wanted, [&](const Registration& registration) {
    const auto verdict = verdicts.find(registration.subject);
    return verdict == verdicts.end() ? CompatibilityVerdict{.is_compatible = true}
                                     : CompatibilityVerdict{.is_compatible = false, .messages = {verdict->second}};
  });
}

}  // namespace omashu::provision
