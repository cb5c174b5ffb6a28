#include "schema_registry/server/schema_tags.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <optional>

namespace omashu::schema_registry::server {

namespace {

using json::Value;

constexpr std::string_view kTags = "confluent:tags";
// Of types in types. The parser of schemas has its own bound, which is met behind this one.
constexpr int kMaxDepth = 200;

std::string text_of(const Value& object, std::string_view name) {
  const Value* value = object.find(name);
  return value != nullptr && value->is_string() ? value->text() : std::string();
}

Value* find_member(Value& object, std::string_view name) {
  for (json::Member& member : object.members()) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

// "n.R.f" as the full name "n.R" and the field "f".
struct Target {
  std::string space;
  std::string name;
  std::string field;  // "" of the record itself
};

Target target_of(const EntityTags& entity) {
  std::string_view path = entity.path;
  if (path.starts_with('.')) path.remove_prefix(1);
  Target target;
  const auto take_last = [&] {
    const size_t dot = path.rfind('.');
    const std::string last(path.substr(dot == std::string_view::npos ? 0 : dot + 1));
    path = dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
    return last;
  };
  if (entity.is_field) target.field = take_last();
  target.name = take_last();
  target.space = path;
  return target;
}

using Edit = std::function<void(Value& object)>;

bool edit_entity(Value& schema, const std::string& space, const Target& target, const Edit& edit, int depth);

// Calls edit_entity for each item until one has the target.
bool edit_items(Value& array, const std::function<bool(Value& item)>& edit_item) {
  std::vector<Value> items = array.items();
  const bool is_found = std::ranges::any_of(items, edit_item);
  if (is_found) array = Value::array(std::move(items));
  return is_found;
}

bool edit_record(Value& record, const std::string& outer_space, const Target& target, const Edit& edit, int depth) {
  std::string name = text_of(record, "name");
  const Value* own_space = record.find("namespace");
  std::string space = own_space != nullptr && own_space->is_string() ? own_space->text() : outer_space;
  if (const size_t dot = name.rfind('.'); dot != std::string::npos) {
    space = name.substr(0, dot);
    name.erase(0, dot + 1);
  }
  const bool is_meant = name == target.name && (target.space.empty() || target.space == space);
  if (is_meant && target.field.empty()) {
    edit(record);
    return true;
  }
  Value* fields = find_member(record, "fields");
  if (fields == nullptr || !fields->is_array()) return false;
  return edit_items(*fields, [&](Value& field) {
    if (is_meant && text_of(field, "name") == target.field) {
      edit(field);
      return true;
    }
    Value* type = field.is_object() ? find_member(field, "type") : nullptr;
    return type != nullptr && edit_entity(*type, space, target, edit, depth + 1);
  });
}

bool edit_entity(Value& schema, const std::string& space, const Target& target, const Edit& edit, int depth) {
  if (depth > kMaxDepth) return false;
  if (schema.is_array()) {
    return edit_items(schema, [&](Value& branch) { return edit_entity(branch, space, target, edit, depth + 1); });
  }
  if (!schema.is_object()) return false;
  const std::string type = text_of(schema, "type");
  if (type == "record" || type == "error") return edit_record(schema, space, target, edit, depth);
  Value* inner = find_member(schema, type == "array" ? "items" : type == "map" ? "values" : "type");
  return inner != nullptr && edit_entity(*inner, space, target, edit, depth + 1);
}

std::vector<std::string> tags_of(const Value& object) {
  std::vector<std::string> tags;
  const Value* value = object.find(kTags);
  if (value == nullptr || !value->is_array()) return tags;
  for (const Value& tag : value->items()) {
    if (tag.is_string()) tags.push_back(tag.text());
  }
  return tags;
}

void set_tags(Value& object, const std::vector<std::string>& tags) {
  Value value = Value::array();
  for (const std::string& tag : tags) value.append(tag);
  if (tags.empty()) {
    std::erase_if(object.members(), [](const json::Member& member) { return member.name == kTags; });
  } else if (Value* there = find_member(object, kTags)) {
    *there = std::move(value);
  } else {
    object.add(std::string(kTags), std::move(value));
  }
}

Answer<void> change(Value& schema, const EntityTags& entity, bool add) {
  const bool is_found = edit_entity(
      schema, "", target_of(entity),
      [&](Value& object) {
        std::vector<std::string> tags = tags_of(object);
        for (const std::string& tag : entity.tags) {
          std::erase_if(tags, [&](const std::string& there) { return !add && there == tag; });
          if (add && std::ranges::count(tags, tag) == 0) tags.push_back(tag);
        }
        set_tags(object, tags);
      },
      0);
  if (is_found) return {};
  return invalid_schema(fmt::format("No matching path '{}' found in the schema", entity.path));
}

std::unexpected<ApiError> wrong(std::string_view name) {
  return refuse(422, fmt::format("\"{}\" must be an array of {{\"schemaEntity\":{{\"entityPath\":…,\"entityType\":"
                                 "\"sr_record\" or \"sr_field\"}},\"tags\":[…]}}",
                                 name));
}

std::optional<EntityTags> parse_entity(const Value& item) {
  const Value* entity = item.is_object() ? item.find("schemaEntity") : nullptr;
  const Value* tags = item.is_object() ? item.find("tags") : nullptr;
  if (entity == nullptr || !entity->is_object() || tags == nullptr || !tags->is_array()) return std::nullopt;
  const std::string type = text_of(*entity, "entityType");
  if (type != "sr_record" && type != "sr_field") return std::nullopt;
  EntityTags parsed = {.path = text_of(*entity, "entityPath"), .is_field = type == "sr_field"};
  for (const Value& tag : tags->items()) {
    if (!tag.is_string()) return std::nullopt;
    parsed.tags.push_back(tag.text());
  }
  if (parsed.path.empty()) return std::nullopt;
  return parsed;
}

Answer<std::vector<EntityTags>> parse_entities(const Value& object, std::string_view name) {
  std::vector<EntityTags> entities;
  const Value* array = object.find(name);
  if (array == nullptr || array->is_null()) return entities;
  if (!array->is_array()) return wrong(name);
  for (const Value& item : array->items()) {
    std::optional<EntityTags> entity = parse_entity(item);
    if (!entity) return wrong(name);
    entities.push_back(*std::move(entity));
  }
  return entities;
}

}  // namespace

Answer<TagChanges> parse_tag_changes(const Value& object, std::string_view add_name, std::string_view remove_name) {
  auto add = parse_entities(object, add_name);
  if (!add) return std::unexpected(std::move(add.error()));
  auto remove = parse_entities(object, remove_name);
  if (!remove) return std::unexpected(std::move(remove.error()));
  return TagChanges{.add = *std::move(add), .remove = *std::move(remove)};
}

Answer<std::string> with_tags(const std::string& schema, const TagChanges& changes) {
  if (changes.empty()) return schema;
  Result<Value> parsed = json::parse(schema);
  if (!parsed) return invalid_schema(parsed.error().message);
  for (const bool add : {true, false}) {
    for (const EntityTags& entity : add ? changes.add : changes.remove) {
      if (auto changed = change(*parsed, entity, add); !changed) return std::unexpected(std::move(changed.error()));
    }
  }
  return json::to_text(*parsed);
}

}  // namespace omashu::schema_registry::server
