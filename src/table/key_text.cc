#include "table/key_text.h"

#include <fmt/core.h>

#include <algorithm>

#include "table/field_path.h"

namespace omashu::table {

namespace {

using avro::Node;
using avro::Type;

std::string quoted(std::string_view text) {
  std::string out;
  json::append_quoted(out, text);
  return out;
}

// A union is what its one branch beside null is; nothing where there are several.
const Node* value_type(const Node& node) {
  if (node.type != Type::kUnion) return &node;
  const Node* only = nullptr;
  for (const Node* branch : node.branches) {
    if (branch->type == Type::kNull) continue;
    if (only != nullptr) return nullptr;
    only = branch;
  }
  return only;
}

// How a bare word is written in JSON for that type.
std::string bare_json(const Node& node, std::string_view text) {
  const Node* type = value_type(node);
  const bool is_quoted = type == nullptr || type->type == Type::kString || type->type == Type::kEnum ||
                         type->type == Type::kBytes || type->type == Type::kFixed ||
                         type->logical_type != avro::LogicalType::kNone;
  const auto parsed = json::parse(text);
  if (parsed && parsed->is_string()) return std::string(text);
  // `20` is a number also where the type has a readable form, as dates have; text is quoted.
  const bool is_number = parsed && parsed->is_number();
  const bool takes_number = type != nullptr && type->type != Type::kString && type->type != Type::kEnum &&
                            type->type != Type::kBytes && type->type != Type::kFixed;
  if (is_number && takes_number) return std::string(text);
  return is_quoted ? quoted(text) : std::string(text);
}

Result<const json::Value*> find_one(const json::Value& value, std::string_view field) {
  const auto path = FieldPath::parse(field);
  if (!path) return fail(path.error());
  const auto found = path->find_all(value);
  if (found.size() == 1 && !found.front()->is_null()) return found.front();
  return fail(ErrorCode::kInvalidArgument, fmt::format("the value has no field '{}' to take the key from", field));
}

}  // namespace

Result<std::string> key_from_text(const Node& key_schema, std::string_view text) {
  switch (key_schema.type) {
    case Type::kRecord:
    case Type::kMap: {
      const auto parsed = json::parse(text);
      if (parsed && parsed->is_object()) return std::string(text);
      if (key_schema.type == Type::kRecord && key_schema.fields.size() == 1) {
        const avro::Field& field = key_schema.fields.front();
        return "{" + quoted(field.name) + ":" + bare_json(*field.type, text) + "}";
      }
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("'{}' is no key of type {}: write JSON, as {{\"{}\":…}}", text, key_schema.full_name,
                              key_schema.fields.empty() ? "name" : key_schema.fields.front().name));
    }
    case Type::kArray: return std::string(text);
    case Type::kUnion: {
      const auto parsed = json::parse(text);
      if (parsed && (parsed->is_object() || parsed->is_null())) return std::string(text);
      return bare_json(key_schema, text);
    }
    default: return bare_json(key_schema, text);
  }
}

Result<std::string> key_from_value(const Node& key_schema, const json::Value& value, std::string_view field) {
  if (!field.empty()) {
    const auto found = find_one(value, field);
    if (!found) return fail(found.error());
    const std::string text = json::to_text(**found);
    if (key_schema.type != Type::kRecord || (*found)->is_object()) return text;
    if (key_schema.fields.size() == 1) return "{" + quoted(key_schema.fields.front().name) + ":" + text + "}";
    return fail(
        ErrorCode::kInvalidArgument,
        fmt::format("the key {} has {} fields: leave --key-field out to take them from the value by their names",
                    key_schema.full_name, key_schema.fields.size()));
  }
  if (key_schema.type != Type::kRecord) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("the key is a {}: give it, or name the field of the value that holds it with --key-field",
                            avro::type_name(key_schema.type)));
  }
  json::Value key = json::Value::object();
  for (const avro::Field& wanted : key_schema.fields) {
    if (const json::Value* member = value.find(wanted.name)) {
      key.add(wanted.name, *member);
    } else if (!wanted.default_value) {
      return fail(
          ErrorCode::kInvalidArgument,
          fmt::format("the value has no field '{}', which the key {} needs: give the key, or name the field that "
                      "holds it with --key-field",
                      wanted.name, key_schema.full_name));
    }
  }
  return json::to_text(key);
}

Result<std::string> plain_key_from_value(const json::Value& value, std::string_view field) {
  if (field.empty()) {
    return fail(
        ErrorCode::kInvalidArgument,
        "the key has no schema that says what it is made of: give it, or name the field of the value that holds "
        "it with --key-field");
  }
  const auto found = find_one(value, field);
  if (!found) return fail(found.error());
  return (*found)->is_string() ? (*found)->text() : json::to_text(**found);
}

}  // namespace omashu::table
