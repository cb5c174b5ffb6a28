// Metadata and rule sets put together, and rule sets checked.

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "schema_registry/server/annotations.h"

namespace omashu::schema_registry::server {

namespace {

using json::Value;

constexpr std::array<std::string_view, 3> kRuleLists = {"migrationRules", "domainRules", "encodingRules"};
constexpr std::array<std::string_view, 3> kMigrationModes = {"UPGRADE", "DOWNGRADE", "UPDOWN"};
constexpr std::array<std::string_view, 3> kOtherModes = {"WRITE", "READ", "WRITEREAD"};
constexpr std::array<std::string_view, 2> kKinds = {"TRANSFORM", "CONDITION"};
constexpr std::array<std::string_view, 5> kEnvironments = {"ALL", "CLIENT", "GATEWAY", "SERVER", "NONE"};
constexpr size_t kMaxNameBytes = 256;

// A text of this folder's own making.
Value parse_own(const std::string& text) { return json::parse(text).value_or(Value::object()); }

std::string text_of(const Value& object, std::string_view name) {
  const Value* value = object.find(name);
  return value != nullptr && value->is_string() ? value->text() : std::string();
}

// The members of both, those of `over` where both have one.
Value merged_members(const Value& under, const Value& over) {
  std::map<std::string, Value> members;
  for (const Value* object : {&under, &over}) {
    for (const json::Member& member : object->members()) members.insert_or_assign(member.name, member.value);
  }
  Value merged = Value::object();
  for (auto& [name, value] : members) merged.add(name, std::move(value));
  return merged;
}

Value merged_set(const Value& under, const Value& over) {
  std::set<std::string> texts;
  for (const Value* array : {&under, &over}) {
    for (const Value& item : array->items()) texts.insert(item.text());
  }
  Value merged = Value::array();
  for (const std::string& text : texts) merged.append(text);
  return merged;
}

// Those of `under` whose names `over` does not have, and behind them all of `over`.
Value merged_rules(const Value& under, const Value& over) {
  Value merged = Value::array();
  for (const Value& rule : under.items()) {
    const bool is_replaced = std::ranges::any_of(
        over.items(), [&](const Value& other) { return text_of(other, "name") == text_of(rule, "name"); });
    if (!is_replaced) merged.append(rule);
  }
  for (const Value& rule : over.items()) merged.append(rule);
  return merged;
}

// Of each member that one or both have, by `merge` where both have it; in the order of their names' places in `names`.
template <size_t kSize, class Merge>
std::string merged_objects(const std::string& under, const std::string& over,
                           const std::array<std::string_view, kSize>& names, Merge&& merge) {
  if (under.empty()) return over;
  if (over.empty()) return under;
  const Value first = parse_own(under);
  const Value second = parse_own(over);
  Value merged = Value::object();
  for (const std::string_view name : names) {
    const Value* a = first.find(name);
    const Value* b = second.find(name);
    if (a != nullptr && b != nullptr) {
      merged.add(std::string(name), merge(name, *a, *b));
    } else if (a != nullptr || b != nullptr) {
      merged.add(std::string(name), a != nullptr ? *a : *b);
    }
  }
  return json::to_text(merged);
}

std::string merged_metadata(const std::string& under, const std::string& over) {
  constexpr std::array<std::string_view, 3> kParts = {"tags", "properties", "sensitive"};
  return merged_objects(under, over, kParts, [](std::string_view name, const Value& a, const Value& b) {
    return name == "sensitive" ? merged_set(a, b) : merged_members(a, b);
  });
}

std::string merged_rule_set(const std::string& under, const std::string& over) {
  constexpr std::array<std::string_view, 4> kParts = {"migrationRules", "domainRules", "encodingRules", "enableAt"};
  return merged_objects(under, over, kParts, [](std::string_view name, const Value& a, const Value& b) {
    return name == "enableAt" ? b : merged_rules(a, b);
  });
}

std::unexpected<Error> wrong_rule(const Value& rule, std::string_view what) {
  return fail(ErrorCode::kInvalidArgument, fmt::format("the rule \"{}\": {}", text_of(rule, "name"), what));
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

Result<void> check_name(const Value& rule) {
  const std::string name = text_of(rule, "name");
  if (name.empty()) return fail(ErrorCode::kInvalidArgument, "a rule has no name");
  if (name.size() > kMaxNameBytes) return wrong_rule(rule, "the name is longer than 256 bytes");
  if (!is_letter(name.front()) && name.front() != '_') return wrong_rule(rule, "a name starts with a letter or _");
  if (!std::ranges::all_of(name, [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; })) {
    return wrong_rule(rule, "a name has letters, digits, _ and - alone");
  }
  return {};
}

Result<void> check_rule(const Value& rule, bool is_migration) {
  if (auto checked = check_name(rule); !checked) return checked;
  if (text_of(rule, "type").empty()) return wrong_rule(rule, "it has no type");
  const std::string kind = text_of(rule, "kind");
  if (!kind.empty() && std::ranges::count(kKinds, kind) == 0) {
    return wrong_rule(rule, "the kind is TRANSFORM or CONDITION");
  }
  const std::string mode = rule.find("mode") == nullptr ? "WRITEREAD" : text_of(rule, "mode");
  const auto& modes = is_migration ? kMigrationModes : kOtherModes;
  if (std::ranges::count(modes, mode) == 0) {
    return wrong_rule(rule, is_migration ? "the mode of a migration rule is UPGRADE, DOWNGRADE or UPDOWN"
                                         : "the mode is WRITE, READ or WRITEREAD");
  }
  const bool has_two = mode == "WRITEREAD" || mode == "UPDOWN";
  for (const char* action : {"onSuccess", "onFailure"}) {
    if (!has_two && text_of(rule, action).contains(',')) {
      return wrong_rule(rule, "two actions need the mode WRITEREAD or UPDOWN");
    }
  }
  return {};
}

}  // namespace

Annotations merged(const Annotations& under, const Annotations& over) {
  return {.metadata = merged_metadata(under.metadata, over.metadata),
          .rule_set = merged_rule_set(under.rule_set, over.rule_set)};
}

Result<void> check_rule_set(const std::string& rule_set) {
  if (rule_set.empty()) return {};
  const Value object = parse_own(rule_set);
  std::set<std::string> names;
  for (const std::string_view list : kRuleLists) {
    const Value* rules = object.find(list);
    if (rules == nullptr) continue;
    for (const Value& rule : rules->items()) {
      if (auto checked = check_rule(rule, list == "migrationRules"); !checked) return checked;
      if (!names.insert(text_of(rule, "name")).second) return wrong_rule(rule, "the name is there twice");
    }
  }
  const Value* where = object.find("enableAt");
  if (where != nullptr && std::ranges::count(kEnvironments, where->text()) == 0) {
    return fail(ErrorCode::kInvalidArgument, "\"enableAt\" is ALL, CLIENT, GATEWAY, SERVER or NONE");
  }
  return {};
}

std::string without_rules(const std::string& rule_set, const std::vector<std::string>& names) {
  if (rule_set.empty() || names.empty()) return rule_set;
  Value object = parse_own(rule_set);
  for (json::Member& member : object.members()) {
    if (!member.value.is_array()) continue;
    std::vector<Value> rules = member.value.items();
    std::erase_if(rules, [&](const Value& rule) { return std::ranges::count(names, text_of(rule, "name")) > 0; });
    member.value = Value::array(std::move(rules));
  }
  std::erase_if(object.members(),
                [](const json::Member& member) { return member.value.is_array() && member.value.items().empty(); });
  return json::to_text(object);
}

std::optional<std::string> metadata_property(const std::string& metadata, std::string_view name) {
  if (metadata.empty()) return std::nullopt;
  const Value parsed = parse_own(metadata);
  const Value* properties = parsed.find("properties");
  const Value* value = properties == nullptr ? nullptr : properties->find(name);
  if (value == nullptr) return std::nullopt;
  return value->text();
}

}  // namespace omashu::schema_registry::server
