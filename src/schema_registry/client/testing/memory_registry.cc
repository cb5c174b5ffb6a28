#include "schema_registry/client/testing/memory_registry.h"

#include <fmt/core.h>

#include <algorithm>

namespace omashu::schema_registry::testing {

namespace {

std::unexpected<Error> not_found(const std::string& what) {
  return fail(ErrorCode::kNotFound, "memory registry: " + what + " not found");
}

// One answer for each item.
template <class Items, class Call>
auto for_all(const Items& items, Call&& call) {
  std::vector<decltype(call(items[0]))> results;
  for (const auto& item : items) results.push_back(call(item));
  return results;
}

}  // namespace

std::vector<std::string> MemoryRegistry::calls() const {
  const MutexLock lock(mutex_);
  return calls_;
}

std::string MemoryRegistry::guid_of(SchemaId id) {
  return fmt::format("00000000-0000-0000-0000-{:012x}", static_cast<int32_t>(id));
}

std::optional<Error> MemoryRegistry::note(const std::string& call) {
  {
    const MutexLock lock(mutex_);
    calls_.push_back(call);
  }
  return intercept ? intercept(call) : std::nullopt;
}

SubjectVersion MemoryRegistry::answer(const std::string& subject, int version, SchemaId id) const {
  return {subject, version, id, has_guids ? std::optional(guid_of(id)) : std::nullopt,
          texts_[static_cast<size_t>(id) - 1]};
}

Result<std::vector<std::string>> MemoryRegistry::subjects(bool) {
  if (auto error = note("GET subjects")) return fail(*error);
  const MutexLock lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, versions] : subjects_) names.push_back(name);
  return names;
}

Result<std::vector<int>> MemoryRegistry::versions(const std::string& subject) {
  if (auto error = note("GET " + subject)) return fail(*error);
  const MutexLock lock(mutex_);
  const auto it = subjects_.find(subject);
  if (it == subjects_.end()) return not_found(subject);
  std::vector<int> numbers;
  for (const auto& [number, id] : it->second) numbers.push_back(number);
  return numbers;
}

Result<SubjectVersion> MemoryRegistry::latest(const std::string& subject) {
  if (auto error = note("GET " + subject + "/latest")) return fail(*error);
  const MutexLock lock(mutex_);
  const auto it = subjects_.find(subject);
  if (it == subjects_.end()) return not_found(subject);
  const auto& [number, id] = *it->second.rbegin();
  return answer(subject, number, id);
}

Result<SubjectVersion> MemoryRegistry::version(const std::string& subject, int version) {
  const std::string name = fmt::format("{}/{}", subject, version);
  if (auto error = note("GET " + name)) return fail(*error);
  const MutexLock lock(mutex_);
  const auto it = subjects_.find(subject);
  if (it == subjects_.end() || !it->second.contains(version)) return not_found(name);
  return answer(subject, version, it->second.at(version));
}

Result<SchemaText> MemoryRegistry::schema_by_id(SchemaId id) {
  const auto number = static_cast<int32_t>(id);
  if (auto error = note(fmt::format("GET id {}", number))) return fail(*error);
  const MutexLock lock(mutex_);
  if (number < 1 || static_cast<size_t>(number) > texts_.size()) return not_found(fmt::format("id {}", number));
  return texts_[static_cast<size_t>(number) - 1];
}

Result<SchemaText> MemoryRegistry::schema_by_guid(const std::string& guid) {
  if (auto error = note("GET guid " + guid)) return fail(*error);
  const MutexLock lock(mutex_);
  for (size_t i = 0; has_guids && i < texts_.size(); ++i) {
    if (guid_of(SchemaId{static_cast<int32_t>(i + 1)}) == guid) return texts_[i];
  }
  return not_found("guid " + guid);
}

Result<std::vector<SubjectAndVersion>> MemoryRegistry::versions_of_id(SchemaId id) {
  const MutexLock lock(mutex_);
  std::vector<SubjectAndVersion> places;
  for (const auto& [subject, versions] : subjects_) {
    for (const auto& [number, version_id] : versions) {
      if (version_id == id) places.push_back({subject, number});
    }
  }
  return places;
}

Result<std::vector<SchemaId>> MemoryRegistry::referenced_by(const std::string& subject, int version) {
  const MutexLock lock(mutex_);
  std::vector<SchemaId> ids;
  for (size_t i = 0; i < texts_.size(); ++i) {
    const bool refers = std::ranges::any_of(texts_[i].references, [&](const Reference& reference) {
      return reference.subject == subject && reference.version == version;
    });
    if (refers) ids.push_back(SchemaId{static_cast<int32_t>(i + 1)});
  }
  return ids;
}

Result<SubjectVersion> MemoryRegistry::lookup(const std::string& subject, const SchemaText& text, bool) {
  if (auto error = note("POST " + subject)) return fail(*error);
  const MutexLock lock(mutex_);
  const auto it = subjects_.find(subject);
  if (it == subjects_.end()) return not_found(subject);
  for (const auto& [number, id] : it->second) {
    if (texts_[static_cast<size_t>(id) - 1] == text) return answer(subject, number, id);
  }
  return not_found("the schema under " + subject);
}

Result<SchemaId> MemoryRegistry::register_schema(const std::string& subject, const SchemaText& text, bool) {
  if (auto error = note("POST " + subject + "/versions")) return fail(*error);
  const MutexLock lock(mutex_);
  const auto known = std::ranges::find(texts_, text);
  const SchemaId id{static_cast<int32_t>(known - texts_.begin() + 1)};
  if (known == texts_.end()) texts_.push_back(text);
  std::map<int, SchemaId>& versions = subjects_[subject];
  const bool is_there = std::ranges::any_of(versions, [&](const auto& entry) { return entry.second == id; });
  if (!is_there) versions.emplace(versions.empty() ? 1 : versions.rbegin()->first + 1, id);
  return id;
}

Result<CompatibilityVerdict> MemoryRegistry::check_compatibility(const std::string& subject, const SchemaText&,
                                                                 std::optional<int>) {
  if (auto error = note("POST compatibility " + subject)) return fail(*error);
  return CompatibilityVerdict{true};
}

Result<CompatibilityVerdict> MemoryRegistry::check_compatibility_at_level(const std::string& subject,
                                                                          const SchemaText& text) {
  return check_compatibility(subject, text, std::nullopt);
}

Result<std::string> MemoryRegistry::compatibility_level(const std::string& subject) {
  if (auto error = note("GET config " + subject)) return fail(*error);
  const MutexLock lock(mutex_);
  for (const std::string& scope : {subject, std::string()}) {
    if (const auto it = levels_.find(scope); it != levels_.end()) return it->second;
  }
  return "BACKWARD";
}

Result<std::optional<std::string>> MemoryRegistry::own_compatibility_level(const std::string& subject) {
  if (auto error = note("GET config " + subject)) return fail(*error);
  const MutexLock lock(mutex_);
  const auto it = levels_.find(subject);
  return it == levels_.end() ? std::nullopt : std::optional(it->second);
}

Result<void> MemoryRegistry::clear_compatibility_level(const std::string& subject) {
  if (auto error = note("DELETE config " + subject)) return fail(*error);
  const MutexLock lock(mutex_);
  levels_.erase(subject);
  return {};
}

Result<void> MemoryRegistry::set_compatibility_level(const std::string& subject, const std::string& level) {
  if (auto error = note("PUT config " + subject)) return fail(*error);
  const MutexLock lock(mutex_);
  levels_[subject] = level;
  return {};
}

Result<std::string> MemoryRegistry::mode(const std::string&) { return "READWRITE"; }

Result<std::vector<int>> MemoryRegistry::delete_subject(const std::string& subject, bool permanent) {
  if (auto error = note("DELETE " + subject + (permanent ? " permanently" : ""))) return fail(*error);
  if (permanent) return std::vector<int>{};
  const MutexLock lock(mutex_);
  const auto it = subjects_.find(subject);
  if (it == subjects_.end()) return not_found(subject);
  std::vector<int> numbers;
  for (const auto& [number, id] : it->second) numbers.push_back(number);
  subjects_.erase(it);
  return numbers;
}

Result<int> MemoryRegistry::delete_version(const std::string& subject, int version, bool permanent) {
  if (auto error = note(fmt::format("DELETE {}/{}{}", subject, version, permanent ? " permanently" : ""))) {
    return fail(*error);
  }
  const MutexLock lock(mutex_);
  const auto it = subjects_.find(subject);
  if (it != subjects_.end()) it->second.erase(version);
  return version;
}

std::vector<Result<SchemaId>> MemoryRegistry::register_all(std::span<const Registration> registrations,
                                                           bool normalize) {
  return for_all(registrations, [&](const Registration& r) { return register_schema(r.subject, r.text, normalize); });
}

std::vector<Result<std::vector<int>>> MemoryRegistry::versions_of_all(std::span<const std::string> subjects, bool) {
  return for_all(subjects, [&](const std::string& subject) { return versions(subject); });
}

std::vector<Result<SubjectVersion>> MemoryRegistry::latest_of_all(std::span<const std::string> subjects) {
  return for_all(subjects, [&](const std::string& subject) { return latest(subject); });
}

std::vector<Result<SubjectVersion>> MemoryRegistry::version_of_all(std::span<const SubjectAndVersion> versions) {
  return for_all(versions, [&](const SubjectAndVersion& wanted) { return version(wanted.subject, wanted.version); });
}

std::vector<Result<SubjectVersion>> MemoryRegistry::referenced_versions(std::span<const SubjectAndVersion> versions) {
  return version_of_all(versions);
}

std::vector<Result<std::string>> MemoryRegistry::compatibility_level_of_all(std::span<const std::string> subjects) {
  return for_all(subjects, [&](const std::string& subject) { return compatibility_level(subject); });
}

std::vector<Result<std::string>> MemoryRegistry::mode_of_all(std::span<const std::string> subjects) {
  return for_all(subjects, [&](const std::string& subject) { return mode(subject); });
}

std::vector<Result<CompatibilityVerdict>> MemoryRegistry::check_compatibility_of_all(
    std::span<const Registration> registrations) {
  return for_all(registrations,
                 [&](const Registration& r) { return check_compatibility(r.subject, r.text, std::nullopt); });
}

}  // namespace omashu::schema_registry::testing
