#include "schema_registry/server/config_value.h"

#include <fmt/core.h>

#include "base/json.h"

namespace omashu::schema_registry::server {

namespace {

void append_text(std::string& out, std::string_view name, const std::optional<std::string>& text) {
  if (!text) return;
  out += fmt::format(R"(,"{}":)", name);
  json::append_quoted(out, *text);
}

void append_flag(std::string& out, std::string_view name, const std::optional<bool>& flag) {
  if (flag) out += fmt::format(R"(,"{}":{})", name, *flag);
}

void append_object(std::string& out, std::string_view name, const std::string& object) {
  if (!object.empty()) out += fmt::format(R"(,"{}":{})", name, object);
}

}  // namespace

ConfigValue updated(ConfigValue config, const ConfigUpdate& update) {
  const ConfigValue& value = update.value;
  const auto take = [&](std::string_view name, auto& member, const auto& new_value) {
    if (update.named.contains(name)) member = new_value;
  };
  take("compatibilityLevel", config.level, value.level);
  take("normalize", config.normalize, value.normalize);
  take("validateFields", config.validate_fields, value.validate_fields);
  take("alias", config.alias, value.alias);
  take("compatibilityGroup", config.compatibility_group, value.compatibility_group);
  take("defaultMetadata", config.defaults.metadata, value.defaults.metadata);
  take("overrideMetadata", config.overrides.metadata, value.overrides.metadata);
  take("defaultRuleSet", config.defaults.rule_set, value.defaults.rule_set);
  take("overrideRuleSet", config.overrides.rule_set, value.overrides.rule_set);
  return config;
}

std::string config_members(const ConfigValue& config, std::string_view level_name) {
  std::string out;
  append_text(out, "alias", config.alias);
  append_flag(out, "normalize", config.normalize);
  append_flag(out, "validateFields", config.validate_fields);
  if (config.level) out += fmt::format(R"(,"{}":"{}")", level_name, compatibility_level_name(*config.level));
  append_text(out, "compatibilityGroup", config.compatibility_group);
  append_object(out, "defaultMetadata", config.defaults.metadata);
  append_object(out, "overrideMetadata", config.overrides.metadata);
  append_object(out, "defaultRuleSet", config.defaults.rule_set);
  append_object(out, "overrideRuleSet", config.overrides.rule_set);
  return out;
}

}  // namespace omashu::schema_registry::server
