#include "schema_registry/server/settings.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "schema_registry/server/deletion.h"
#include "schema_registry/server/schema_request.h"
#include "schema_registry/server/subject_name.h"

namespace omashu::schema_registry::server {

namespace {

// Members of Confluent's configuration on which this server does not act. Taking them and doing nothing would be worse
// than refusing them.
constexpr std::array<std::string_view, 4> kUnsupported = {"aliasForDeks", "validateNewSchemas", "validateRules",
                                                          "compatibilityPolicy"};

std::unexpected<ApiError> invalid_level(std::string message) {
  return refuse(error_code::kInvalidCompatibilityLevel, std::move(message));
}

// The words of levels and modes, which clients also write in small letters.
std::string capitals(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

Decision removal(const Store& store, const TopicKey& key, std::string answer) {
  Decision decision;
  for (std::string& spelling : store.spellings(key)) decision.records.push_back({std::move(spelling), std::nullopt});
  decision.answer = std::move(answer);
  return decision;
}

std::string object_of(const std::string& members) { return members.empty() ? "{}" : "{" + members.substr(1) + "}"; }

std::unexpected<ApiError> wrong_member(std::string_view name, std::string_view expected) {
  return refuse(422, fmt::format("the member \"{}\" must be {}", name, expected));
}

Answer<void> take_flag(const json::Member& member, std::optional<bool>& out) {
  if (!member.value.is_boolean()) return wrong_member(member.name, "true or false");
  out = member.value.boolean();
  return {};
}

Answer<void> take_text(const json::Member& member, std::optional<std::string>& out) {
  if (!member.value.is_string()) return wrong_member(member.name, "a string");
  out = member.value.text();
  return {};
}

Answer<void> take_metadata(const json::Member& member, std::string& out) {
  Result<std::string> metadata = normalized_metadata(member.value);
  if (!metadata) return refuse(422, std::move(metadata.error().message));
  out = *std::move(metadata);
  return {};
}

Answer<void> take_rule_set(const json::Member& member, std::string& out) {
  Result<std::string> rule_set = normalized_rule_set(member.value);
  if (!rule_set) return refuse(422, std::move(rule_set.error().message));
  if (auto checked = check_rule_set(*rule_set); !checked) return invalid_rule_set(checked.error().message);
  out = *std::move(rule_set);
  return {};
}

Answer<void> take_level(const json::Member& member, std::optional<avro::CompatibilityLevel>& out) {
  if (member.value.is_string()) out = avro::parse_compatibility_level(capitals(member.value.text()));
  if (out) return {};
  return invalid_level(
      "Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive, "
      "forward_transitive, and full_transitive");
}

// One that is not null.
Answer<void> take_member(const json::Member& member, ConfigValue& config) {
  const std::string& name = member.name;
  if (name == "compatibility" || name == "compatibilityLevel") return take_level(member, config.level);
  if (name == "normalize") return take_flag(member, config.normalize);
  if (name == "validateFields") return take_flag(member, config.validate_fields);
  if (name == "alias") return take_text(member, config.alias);
  if (name == "compatibilityGroup") return take_text(member, config.compatibility_group);
  if (name == "defaultMetadata") return take_metadata(member, config.defaults.metadata);
  if (name == "overrideMetadata") return take_metadata(member, config.overrides.metadata);
  if (name == "defaultRuleSet") return take_rule_set(member, config.defaults.rule_set);
  if (name == "overrideRuleSet") return take_rule_set(member, config.overrides.rule_set);
  if (std::ranges::count(kUnsupported, name) == 0) return {};
  return invalid_level(fmt::format("this registry does not support \"{}\"", name));
}

// The subjects that a scope covers: itself, or those of the context.
template <class Visit>
void each_subject(const Store& store, const std::string& scope, Visit&& visit) {
  const bool is_context = context_of(scope) == scope;
  for (auto it = store.subjects().lower_bound(scope); it != store.subjects().end(); ++it) {
    if (is_context ? !it->first.starts_with(scope) : it->first != scope) break;
    if (is_context && context_of(it->first) != scope) continue;  // the default context's are everywhere between
    visit(it->first, it->second);
  }
}

Answer<std::vector<TopicRecord>> empty_for_import(const Store& store, const std::string& scope) {
  bool has_live = false;
  std::vector<TopicRecord> records;
  std::vector<int> ids;
  each_subject(store, scope, [&](const std::string& name, const Subject& subject) {
    has_live = has_live || subject.latest() != nullptr;
    for (const VersionEntry& entry : subject.versions) {
      ids.push_back(static_cast<int>(entry.content->id));
      for (std::string& key : store.spellings({KeyType::kSchema, name, entry.version})) {
        records.push_back({std::move(key), std::nullopt});
      }
    }
  });
  if (has_live) {
    return refuse(error_code::kOperationNotPermitted, "Cannot import since found existing subjects");
  }
  if (!records.empty()) keep_account(store, context_of(scope), IdRanges::of(std::move(ids)), records);
  return records;
}

}  // namespace

Answer<ConfigUpdate> parse_config_request(std::string_view body) {
  const Answer<json::Value> object = parse_body(body);
  if (!object) return std::unexpected(object.error());
  ConfigUpdate update;
  for (const json::Member& member : object->members()) {
    update.named.insert(member.name == "compatibility" ? "compatibilityLevel" : member.name);
    if (member.value.is_null()) continue;
    if (auto taken = take_member(member, update.value); !taken) return std::unexpected(std::move(taken.error()));
  }
  return update;
}

Answer<Decision> set_config(const Store& store, const std::string& scope, const ConfigUpdate& update) {
  if (!is_valid_scope(scope)) return invalid_subject(scope);
  if (auto writable = check_writable(store, scope); !writable) return std::unexpected(std::move(writable.error()));
  const ConfigValue* before = store.config(scope);
  const ConfigValue now = updated(before == nullptr ? ConfigValue() : *before, update);
  return Decision{{config_record(scope, now)}, object_of(config_members(now, "compatibility"))};
}

Answer<Decision> delete_config(const Store& store, const std::string& scope) {
  const ConfigValue* value = store.config(scope);
  if (value == nullptr && !scope.empty()) return subject_not_found(scope);
  if (auto writable = check_writable(store, scope); !writable) return std::unexpected(std::move(writable.error()));
  if (value == nullptr) return Decision{{}, config_json(kDefaultConfig)};
  return removal(store, {KeyType::kConfig, scope}, config_json(*value));
}

Answer<std::optional<Mode>> parse_mode_request(std::string_view body) {
  const Answer<json::Value> object = parse_body(body);
  if (!object) return std::unexpected(object.error());
  const json::Value* name = object->find("mode");
  if (name != nullptr && name->is_null()) return std::nullopt;
  std::optional<Mode> mode;
  if (name != nullptr && name->is_string()) mode = parse_mode(capitals(name->text()));
  if (mode) return mode;
  return refuse(error_code::kInvalidMode,
                "Invalid mode. Valid values are READWRITE, READONLY, READONLY_OVERRIDE, IMPORT, and FORWARD");
}

Answer<Decision> set_mode(const Store& store, const std::string& scope, std::optional<Mode> mode, bool force) {
  if (!is_valid_scope(scope)) return invalid_subject(scope);
  if (!mode) {
    if (store.mode(scope) == nullptr) return Decision{{}, R"({"mode":null})"};
    return removal(store, {KeyType::kMode, scope}, R"({"mode":null})");
  }
  if (*mode == Mode::kForward && scope != kGlobalContext) {
    return refuse(error_code::kInvalidMode, "Forward mode only supported on global level");
  }
  Decision decision;
  if (*mode == Mode::kImport && store.mode_in_force(scope) != Mode::kImport && !force) {
    Answer<std::vector<TopicRecord>> records = empty_for_import(store, scope);
    if (!records) return std::unexpected(std::move(records.error()));
    decision.records = *std::move(records);
  }
  decision.records.push_back(mode_record(scope, *mode));
  decision.answer = mode_json(*mode);
  return decision;
}

Answer<Decision> delete_mode(const Store& store, const std::string& scope, bool recursive) {
  const Mode* mode = store.mode(scope);
  const bool has_default = scope.empty() || scope == kGlobalContext;
  if (mode == nullptr && !has_default && !recursive) return subject_not_found(scope);
  Decision decision;
  decision.answer = mode != nullptr ? mode_json(*mode) : has_default ? mode_json(Mode::kReadWrite) : "{}";
  std::vector<std::string> scopes;
  if (mode != nullptr) scopes.push_back(scope);
  if (recursive && context_of(scope) == scope) {
    for (const auto& [name, other] : store.modes()) {
      if (name != scope && context_of(name) == scope) scopes.push_back(name);
    }
  }
  for (const std::string& name : scopes) {
    for (TopicRecord& record : removal(store, {KeyType::kMode, name}, "").records) {
      decision.records.push_back(std::move(record));
    }
  }
  return decision;
}

std::string config_json(const ConfigValue& value) { return object_of(config_members(value, "compatibilityLevel")); }

std::string mode_json(Mode mode) { return fmt::format(R"({{"mode":"{}"}})", mode_name(mode)); }

}  // namespace omashu::schema_registry::server
