#include "service/openapi/table_schemas.h"

#include <array>
#include <optional>
#include <utility>

#include "avro/json_schema.h"

namespace omashu::service {

namespace {

using json::Value;

constexpr std::string_view kSchemas = "#/components/schemas/";

Value reference(const std::string& name) {
  Value out = Value::object();
  out.add("$ref", std::string(kSchemas) + name);
  return out;
}

Value parsed(std::string_view text) {
  auto value = json::parse(text);
  return value ? *std::move(value) : Value();
}

// Without a schema it is what the bytes are: text, JSON, or bytes that are neither.
void add_part(Value& schemas, const std::string& name, const std::optional<avro::Schema>& schema) {
  if (!schema) {
    schemas.add(name, Value::object());
    return;
  }
  avro::JsonSchema written = avro::to_json_schema(*schema, std::string(kSchemas) + name + "-");
  schemas.add(name, std::move(written.root));
  for (json::Member& definition : written.definitions) {
    schemas.add(name + "-" + definition.name, std::move(definition.value));
  }
}

}  // namespace

void add_table_schemas(Value& schemas, const std::string& topic, const table::TypedTopic& typed) {
  const table::FilterSchemas latest = typed.schemas();
  add_part(schemas, topic + "-key", latest.key);
  add_part(schemas, topic + "-value", latest.value);
  Value value = Value::object(), choices = Value::array();
  choices.append(reference(topic + "-value"));
  choices.append(parsed(R"({"type":"object","description":"the fields that were asked for"})"));
  choices.append(parsed(R"({"type":"null","description":"deleted, or it does not decode"})"));
  value.add("anyOf", std::move(choices));
  Value properties = Value::object();
  properties.add("key", reference(topic + "-key"))
      .add("value", std::move(value))
      .add("position", parsed(R"({"type":"string","description":"topic-partition-offset of its record"})"))
      .add("timestamp", parsed(R"({"type":["string","null"],"description":"of its record"})"))
      .add("problem", parsed(R"({"type":"string","description":"why the value does not decode"})"));
  Value row = parsed(R"({"type":"object","required":["key","value","position","timestamp"]})");
  row.add("properties", std::move(properties));
  schemas.add(topic + "-row", std::move(row));
}

Value with_table_references(const Value& schema, const std::string& topic) {
  if (schema.is_array()) {
    Value items = Value::array();
    for (const Value& item : schema.items()) items.append(with_table_references(item, topic));
    return items;
  }
  if (!schema.is_object()) return schema;
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kNames = {
      {{"Key", "-key"}, {"Value", "-value"}, {"Row", "-row"}}};
  Value out = Value::object();
  for (const json::Member& member : schema.members()) {
    std::string target = member.name == "$ref" ? member.value.text() : "";
    for (const auto& [name, ending] : kNames) {
      if (target == std::string(kSchemas) + std::string(name))
        target = std::string(kSchemas) + topic + std::string(ending);
    }
    out.add(member.name, target.empty() ? with_table_references(member.value, topic) : Value(target));
  }
  return out;
}

}  // namespace omashu::service
