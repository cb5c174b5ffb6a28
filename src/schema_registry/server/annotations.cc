#include "schema_registry/server/annotations.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>
#include <string_view>
#include <vector>

namespace omashu::schema_registry::server {

namespace {

using json::Value;

// How a member's value is read, written and hashed.
enum class Shape : uint8_t { kText, kTextSet, kTextMap, kTextSetMap, kFlag, kRules };

struct Part {
  std::string_view name;
  Shape shape;
};

constexpr std::array kMetadata = {Part{"tags", Shape::kTextSetMap}, Part{"properties", Shape::kTextMap},
                                  Part{"sensitive", Shape::kTextSet}};
constexpr std::array kRuleSet = {Part{"migrationRules", Shape::kRules}, Part{"domainRules", Shape::kRules},
                                 Part{"encodingRules", Shape::kRules}, Part{"enableAt", Shape::kText}};
// In the order in which they are hashed.
constexpr std::array kRule = {
    Part{"name", Shape::kText},      Part{"doc", Shape::kText},      Part{"kind", Shape::kText},
    Part{"mode", Shape::kText},      Part{"type", Shape::kText},     Part{"tags", Shape::kTextSet},
    Part{"params", Shape::kTextMap}, Part{"expr", Shape::kText},     Part{"onSuccess", Shape::kText},
    Part{"onFailure", Shape::kText}, Part{"disabled", Shape::kFlag},
};

std::unexpected<Error> wrong(std::string_view member, std::string_view expected) {
  return fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" must be {}", member, expected));
}

Result<Value> normalized_parts(const Value& object, std::span<const Part> parts, std::string_view what);

Result<Value> normalized_set(const Value& value, std::string_view name) {
  if (!value.is_array()) return wrong(name, "an array of strings");
  std::set<std::string> items;
  for (const Value& item : value.items()) {
    if (!item.is_string()) return wrong(name, "an array of strings");
    items.insert(item.text());
  }
  Value array = Value::array();
  for (const std::string& item : items) array.append(item);
  return array;
}

Result<Value> normalized_map(const Value& value, std::string_view name, bool of_sets) {
  if (!value.is_object()) return wrong(name, "an object");
  std::map<std::string, Value> members;
  for (const json::Member& member : value.members()) {
    if (of_sets) {
      Result<Value> set = normalized_set(member.value, name);
      if (!set) return set;
      members.insert_or_assign(member.name, *std::move(set));
    } else if (member.value.is_string()) {
      members.insert_or_assign(member.name, member.value);
    } else {
      return wrong(name, "an object of strings");
    }
  }
  Value object = Value::object();
  for (auto& [key, text] : members) object.add(key, std::move(text));
  return object;
}

// Confluent's registry takes a rule without a kind or a mode for one that has these, and stores and hashes them.
Value with_rule_defaults(Value rule) {
  if (!rule.is_object()) return rule;
  const auto is_missing = [&](std::string_view name) {
    const Value* value = rule.find(name);
    return value == nullptr || value->is_null();
  };
  Value complete = Value::object();
  for (const json::Member& member : rule.members()) {
    if (!member.value.is_null()) complete.add(member.name, member.value);
  }
  if (is_missing("kind")) complete.add("kind", "TRANSFORM");
  if (is_missing("mode")) complete.add("mode", "WRITEREAD");
  return complete;
}

Result<Value> normalized_rules(const Value& value, std::string_view name) {
  if (!value.is_array()) return wrong(name, "an array of rules");
  Value array = Value::array();
  for (const Value& item : value.items()) {
    Result<Value> rule = normalized_parts(with_rule_defaults(item), kRule, name);
    if (!rule) return rule;
    array.append(*std::move(rule));
  }
  return array;
}

Result<Value> normalized_part(const Value& value, const Part& part) {
  switch (part.shape) {
    case Shape::kText:
      if (!value.is_string()) return wrong(part.name, "a string");
      return value;
    case Shape::kFlag:
      if (!value.is_boolean()) return wrong(part.name, "a boolean");
      return value;
    case Shape::kTextSet: return normalized_set(value, part.name);
    case Shape::kTextMap: return normalized_map(value, part.name, false);
    case Shape::kTextSetMap: return normalized_map(value, part.name, true);
    case Shape::kRules: return normalized_rules(value, part.name);
  }
  return value;
}

bool is_empty(const Value& value) {
  return (value.is_array() && value.items().empty()) || (value.is_object() && value.members().empty());
}

Result<Value> normalized_parts(const Value& object, std::span<const Part> parts, std::string_view what) {
  if (!object.is_object()) return wrong(what, "an object");
  Value normalized = Value::object();
  for (const Part& part : parts) {
    const Value* value = object.find(part.name);
    if (value == nullptr || value->is_null()) continue;
    Result<Value> one = normalized_part(*value, part);
    if (!one) return one;
    if (!is_empty(*one)) normalized.add(std::string(part.name), *std::move(one));
  }
  return normalized;
}

// A text of this folder's own making.
Value parse_own(const std::string& text) { return json::parse(text).value_or(Value::object()); }

void append_hashed_value(std::string& out, const Value& value);

void append_hashed_parts(std::string& out, const Value& object) {
  for (const json::Member& part : object.members()) append_hashed_value(out, part.value);
}

// Strings and the keys of maps as they are; a rule is known by having a name among its members, which are not keys.
void append_hashed_value(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kString: out += value.text(); break;
    case Value::Kind::kBoolean:
      if (value.boolean()) out += '\x01';
      break;
    case Value::Kind::kArray:
      for (const Value& item : value.items()) {
        item.is_object() ? append_hashed_parts(out, item) : append_hashed_value(out, item);
      }
      break;
    case Value::Kind::kObject:
      for (const json::Member& member : value.members()) {
        out += member.name;
        append_hashed_value(out, member.value);
      }
      break;
    default: break;
  }
}

}  // namespace

Result<std::string> normalized_metadata(const Value& metadata) {
  const Result<Value> normalized = normalized_parts(metadata, kMetadata, "metadata");
  if (!normalized) return fail(normalized.error());
  return json::to_text(*normalized);
}

Result<std::string> normalized_rule_set(const Value& rule_set) {
  const Result<Value> normalized = normalized_parts(rule_set, kRuleSet, "ruleSet");
  if (!normalized) return fail(normalized.error());
  return json::to_text(*normalized);
}

Result<Annotations> parse_annotations(const Value& object) {
  Annotations annotations;
  if (const Value* metadata = object.find("metadata"); metadata != nullptr && !metadata->is_null()) {
    Result<std::string> text = normalized_metadata(*metadata);
    if (!text) return fail(std::move(text.error()));
    annotations.metadata = *std::move(text);
  }
  for (const char* name : {"ruleSet", "ruleset"}) {
    const Value* rule_set = object.find(name);
    if (rule_set == nullptr || rule_set->is_null()) continue;
    Result<std::string> text = normalized_rule_set(*rule_set);
    if (!text) return fail(std::move(text.error()));
    annotations.rule_set = *std::move(text);
  }
  return annotations;
}

bool has_properties(const std::string& metadata, const Value& properties) {
  if (metadata.empty()) return false;
  const Value parsed = parse_own(metadata);
  const Value* there = parsed.find("properties");
  return std::ranges::all_of(properties.members(), [&](const json::Member& wanted) {
    const Value* value = there == nullptr ? nullptr : there->find(wanted.name);
    return value != nullptr && value->text() == wanted.value.text();
  });
}

void append_hashed(std::string& out, const Annotations& annotations) {
  for (const std::string* text : {&annotations.metadata, &annotations.rule_set}) {
    if (text->empty()) continue;
    out += '\x01';  // else an empty one would hash like none
    append_hashed_parts(out, parse_own(*text));
  }
}

}  // namespace omashu::schema_registry::server
