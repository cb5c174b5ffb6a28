// The store as the API sees it: questions.

#include <algorithm>
#include <ranges>
#include <utility>

#include "schema_registry/server/store.h"
#include "schema_registry/server/subject_name.h"

namespace omashu::schema_registry::server {

namespace {

constexpr avro::CompatibilityLevel kDefaultLevel = avro::CompatibilityLevel::kBackward;

template <class Map>
auto* find_value(const Map& map, std::string_view key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

}  // namespace

const Annotations& Content::all_annotations() const {
  static const Annotations none;
  return annotations == nullptr ? none : *annotations;
}

const VersionEntry* Subject::find(int version) const {
  const auto place = std::ranges::lower_bound(versions, version, {}, &VersionEntry::version);
  return place == versions.end() || place->version != version ? nullptr : &*place;
}

const VersionEntry* Subject::latest() const {
  for (const VersionEntry& entry : versions | std::views::reverse) {
    if (!entry.is_deleted) return &entry;
  }
  return nullptr;
}

const Store::ContextState* Store::find_context(std::string_view context) const {
  return find_value(by_context_, context);
}

const Content* Store::find(std::string_view context, SchemaId id) const {
  const ContextState* state = find_context(context);
  if (state == nullptr) return nullptr;
  const auto found = state->by_id.find(static_cast<int32_t>(id));
  return found == state->by_id.end() ? nullptr : found->second.get();
}

const Content* Store::find(std::string_view context, const Guid& guid) const {
  const ContextState* state = find_context(context);
  if (state == nullptr) return nullptr;
  const auto found = state->by_guid.find(guid);
  return found == state->by_guid.end() ? nullptr : found->second;
}

std::vector<const Content*> Store::with_letters(std::string_view context, uint64_t key) const {
  std::vector<const Content*> found;
  const ContextState* state = find_context(context);
  if (state == nullptr) return found;
  const auto [first, last] = state->by_letters.equal_range(key);
  for (auto known = first; known != last; ++known) found.push_back(known->second);
  return found;
}

int Store::max_id(std::string_view context) const {
  const ContextState* state = find_context(context);
  // A context that nobody knows may be one that was lost altogether.
  return state == nullptr || state->max_id == 0 ? leader_.lost_records : state->max_id;
}

std::map<std::string, int> Store::max_ids() const {
  std::map<std::string, int> ids;
  for (const auto& [context, state] : by_context_) ids.emplace(context, state.max_id);
  return ids;
}

const Subject* Store::find_subject(std::string_view subject) const { return find_value(subjects_, subject); }

const VersionEntry* Store::find_version(std::string_view subject, int version) const {
  const Subject* found = find_subject(subject);
  return found == nullptr ? nullptr : found->find(version);
}

std::span<Content* const> Store::referrers(const std::string& subject, int version) const {
  const auto found = referrers_.find({subject, version});
  if (found == referrers_.end()) return {};
  return found->second;
}

bool Store::is_live(const Content& content) const {
  return std::ranges::any_of(content.places, [&](const Content::Place& place) {
    const VersionEntry* entry = find_version(*place.subject, place.version);
    return entry != nullptr && !entry->is_deleted;
  });
}

const ConfigValue* Store::config(std::string_view scope) const { return find_value(configs_, scope); }

const Mode* Store::mode(std::string_view scope) const { return find_value(modes_, scope); }

ConfigValue Store::config_in_force(std::string_view subject) const {
  ConfigValue in_force;
  bool is_first = true;
  for (const std::string_view scope : {subject, context_of(subject), kGlobalContext}) {
    const ConfigValue* value = config(scope);
    if (value == nullptr) continue;
    if (!in_force.level) in_force.level = value->level;
    if (!in_force.normalize) in_force.normalize = value->normalize;
    if (!in_force.validate_fields) in_force.validate_fields = value->validate_fields;
    if (!in_force.compatibility_group) in_force.compatibility_group = value->compatibility_group;
    if (!std::exchange(is_first, false)) continue;
    in_force.defaults = value->defaults;  // they do not add up: the nearest configuration has them all
    in_force.overrides = value->overrides;
  }
  if (!in_force.level) in_force.level = kDefaultLevel;
  return in_force;
}

std::string Store::subject_meant_by(std::string_view name) const {
  const ConfigValue* value = config(name);
  if (value == nullptr || !value->alias || value->alias->empty()) return std::string(name);
  return qualified_subject(context_of(name), *value->alias);
}

// READONLY_OVERRIDE is for a whole context: it holds whatever its subjects say themselves.
Mode Store::mode_in_force(std::string_view subject) const {
  const Mode* own = mode(subject);
  const Mode* shared = mode(context_of(subject));
  if (shared == nullptr) shared = mode(kGlobalContext);
  if (shared != nullptr && *shared == Mode::kReadOnlyOverride) return *shared;
  if (own != nullptr) return *own;
  return shared == nullptr ? Mode::kReadWrite : *shared;
}

}  // namespace omashu::schema_registry::server
