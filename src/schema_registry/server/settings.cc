#include "schema_registry/server/settings.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "schema_registry/server/deletion.h"
#include "schema_registry/server/schema_request.h"
#include "schema_registry/server/subject_name.h"

namespace omashu::schema_registry::server {

namespace {

// Members of Confluent's configuration that change what its server does. Taking them and doing nothing would be worse
// than refusing them.
constexpr std::array<std::string_view, 10> kUnsupported = {"alias",
                                                           "aliasForDeks",
                                                           "validateFields",
                                                           "validateNewSchemas",
                                                           "compatibilityPolicy",
                                                           "compatibilityGroup",
                                                           "defaultMetadata",
                                                           "overrideMetadata",
                                                           "defaultRuleSet",
                                                           "overrideRuleSet"};

std::unexpected<ApiError> invalid_level(std::string message) {
  return refuse(error_code::kInvalidCompatibilityLevel, std::move(message));
}

Decision removal(const Store& store, const TopicKey& key, std::string answer) {
  Decision decision;
  for (std::string& spelling : store.spellings(key)) decision.records.push_back({std::move(spelling), std::nullopt});
  decision.answer = std::move(answer);
  return decision;
}

// Requests and their echo call the level otherwise than answers do.
std::string config_members(const ConfigValue& value, std::string_view level_name) {
  std::string members;
  if (value.normalize) members += fmt::format(R"(,"normalize":{})", *value.normalize);
  if (value.level) members += fmt::format(R"(,"{}":"{}")", level_name, compatibility_level_name(*value.level));
  return members.empty() ? "{}" : "{" + members.substr(1) + "}";
}

// The words of levels and modes, which clients also write in small letters.
std::string capitals(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
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

Answer<ConfigValue> parse_config_request(std::string_view body) {
  const Answer<json::Value> object = parse_body(body);
  if (!object) return std::unexpected(object.error());
  ConfigValue config;
  for (const json::Member& member : object->members()) {
    const json::Value& value = member.value;
    if (value.is_null()) continue;
    if (member.name == "compatibility" || member.name == "compatibilityLevel") {
      if (value.is_string()) config.level = avro::parse_compatibility_level(capitals(value.text()));
      if (!config.level) {
        return invalid_level(
            "Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive, "
            "forward_transitive, and full_transitive");
      }
    } else if (member.name == "normalize") {
      if (!value.is_boolean()) return refuse(422, "the member \"normalize\" must be true or false");
      config.normalize = value.boolean();
    } else if (std::ranges::count(kUnsupported, member.name) > 0) {
      return invalid_level(fmt::format("this registry does not support \"{}\"", member.name));
    }
  }
  return config;
}

Answer<Decision> set_config(const Store&, const std::string& scope, const ConfigValue& value) {
  if (!is_valid_scope(scope)) return invalid_subject(scope);
  return Decision{{config_record(scope, value)}, config_members(value, "compatibility")};
}

Answer<Decision> delete_config(const Store& store, const std::string& scope) {
  const ConfigValue* value = store.config(scope);
  if (value == nullptr && !scope.empty()) return subject_not_found(scope);
  if (value == nullptr) return Decision{{}, config_json(store.config_in_force(scope))};
  return removal(store, {KeyType::kConfig, scope}, config_json(*value));
}

Answer<Mode> parse_mode_request(std::string_view body) {
  const Answer<json::Value> object = parse_body(body);
  if (!object) return std::unexpected(object.error());
  const json::Value* name = object->find("mode");
  std::optional<Mode> mode;
  if (name != nullptr && name->is_string()) mode = parse_mode(capitals(name->text()));
  if (!mode) {
    return refuse(error_code::kInvalidMode,
                  "Invalid mode. Valid values are READWRITE, READONLY, READONLY_OVERRIDE, and IMPORT");
  }
  return *mode;
}

Answer<Decision> set_mode(const Store& store, const std::string& scope, Mode mode, bool force) {
  if (!is_valid_scope(scope)) return invalid_subject(scope);
  Decision decision;
  if (mode == Mode::kImport && store.mode_in_force(scope) != Mode::kImport && !force) {
    Answer<std::vector<TopicRecord>> records = empty_for_import(store, scope);
    if (!records) return std::unexpected(std::move(records.error()));
    decision.records = *std::move(records);
  }
  decision.records.push_back(mode_record(scope, mode));
  decision.answer = mode_json(mode);
  return decision;
}

Answer<Decision> delete_mode(const Store& store, const std::string& scope) {
  const Mode* mode = store.mode(scope);
  if (mode == nullptr && !scope.empty()) return subject_not_found(scope);
  if (mode == nullptr) return Decision{{}, mode_json(store.mode_in_force(scope))};
  return removal(store, {KeyType::kMode, scope}, mode_json(*mode));
}

std::string config_json(const ConfigValue& value) { return config_members(value, "compatibilityLevel"); }

std::string mode_json(Mode mode) { return fmt::format(R"({{"mode":"{}"}})", mode_name(mode)); }

}  // namespace omashu::schema_registry::server
