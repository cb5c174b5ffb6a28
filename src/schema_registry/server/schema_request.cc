#include "schema_registry/server/schema_request.h"

#include <fmt/core.h>

#include <limits>

#include "schema_registry/rest_json.h"

namespace omashu::schema_registry::server {

namespace {

constexpr int kUnprocessable = 422;

}  // namespace

Answer<std::optional<int>> parse_number(const json::Value& object, std::string_view name) {
  const json::Value* value = object.find(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  const std::optional<int64_t> number = value->as_int64();
  if (!number || *number > std::numeric_limits<int32_t>::max()) {
    return refuse(kUnprocessable, fmt::format("the member \"{}\" must be a number of 32 bits", name));
  }
  if (*number < 0) return std::nullopt;
  return static_cast<int>(*number);
}

Answer<json::Value> parse_body(std::string_view body) {
  if (body.empty()) return refuse(kUnprocessable, "the request has no body");
  Result<json::Value> value = json::parse(body);
  if (!value) {
    const TextPosition place = value.error().position.value_or(TextPosition());
    return refuse(400, fmt::format("the body is not JSON: line {}, column {}: {}", place.line, place.column,
                                   value.error().message));
  }
  if (!value->is_object()) return refuse(kUnprocessable, "the body must be a JSON object");
  return *std::move(value);
}

Answer<SchemaRequest> parse_schema_request(std::string_view body) {
  Answer<json::Value> object = parse_body(body);
  if (!object) return std::unexpected(std::move(object.error()));
  if (const json::Value* schema = object->find("schema"); schema == nullptr || schema->is_null()) {
    object->add("schema", "");
  }
  SchemaRequest request;
  Result<SchemaText> text = parse_schema_text(*object);
  if (!text) return refuse(kUnprocessable, std::move(text.error().message));
  request.text = *std::move(text);
  Result<Annotations> annotations = parse_annotations(*object);
  if (!annotations) return refuse(kUnprocessable, std::move(annotations.error().message));
  request.annotations = *std::move(annotations);
  if (auto checked = check_rule_set(request.annotations.rule_set); !checked) {
    return invalid_rule_set(checked.error().message);
  }

  Answer<TagChanges> tags = parse_tag_changes(*object, "schemaTagsToAdd", "schemaTagsToRemove");
  if (!tags) return std::unexpected(std::move(tags.error()));
  request.tags = *std::move(tags);

  const Answer<std::optional<int>> id = parse_number(*object, "id");
  if (!id) return std::unexpected(id.error());
  if (*id) request.id = SchemaId{**id};
  const Answer<std::optional<int>> version = parse_number(*object, "version");
  if (!version) return std::unexpected(version.error());
  if (*version && **version > 0) request.version = *version;
  return request;
}

}  // namespace omashu::schema_registry::server
