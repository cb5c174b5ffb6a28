#include "schema_registry/rest_json.h"

#include <fmt/core.h>

#include <limits>
#include <utility>

namespace omashu::schema_registry {

namespace {

std::unexpected<Error> wrong_member(std::string_view name, std::string_view expected) {
  return fail(ErrorCode::kInternal, fmt::format("the member \"{}\" must be {}", name, expected));
}

// The member, or null where it is absent or JSON's null.
const json::Value* find_set(const json::Value& object, std::string_view name) {
  const json::Value* value = object.find(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

// Ids and versions are positive and fit 32 bits.
std::optional<int> as_positive(const json::Value* value) {
  const std::optional<int64_t> number = value == nullptr ? std::nullopt : value->as_int64();
  if (!number || *number < 1 || *number > std::numeric_limits<int32_t>::max()) return std::nullopt;
  return static_cast<int>(*number);
}

Result<int> parse_positive_member(const json::Value& object, std::string_view name) {
  const std::optional<int> number = as_positive(object.find(name));
  if (!number) return wrong_member(name, "a positive number");
  return *number;
}

Result<Reference> parse_reference(const json::Value& value) {
  Result<std::string> name = parse_string_member(value, "name");
  if (!name) return fail(std::move(name.error()));
  Result<std::string> subject = parse_string_member(value, "subject");
  if (!subject) return fail(std::move(subject.error()));
  const json::Value* latest = value.find("version");
  if (latest != nullptr && latest->as_int64() == kLatestVersion) {
    return Reference{std::move(*name), std::move(*subject), kLatestVersion};
  }
  const Result<int> version = parse_positive_member(value, "version");
  if (!version) return fail(version.error());
  return Reference{std::move(*name), std::move(*subject), *version};
}

}  // namespace

json::Value to_json(const SchemaText& text) {
  json::Value body = json::Value::object();
  body.add("schema", text.schema);
  if (text.schema_type != "AVRO") body.add("schemaType", text.schema_type);
  if (!text.references.empty()) {
    json::Value references = json::Value::array();
    for (const Reference& reference : text.references) {
      json::Value item = json::Value::object();
      item.add("name", reference.name).add("subject", reference.subject).add("version", reference.version);
      references.append(std::move(item));
    }
    body.add("references", std::move(references));
  }
  return body;
}

Result<std::string> parse_string(const json::Value& value) {
  if (!value.is_string()) return fail(ErrorCode::kInternal, "a string was expected");
  return value.text();
}

Result<std::string> parse_string_member(const json::Value& object, std::string_view name) {
  const json::Value* value = object.find(name);
  if (value == nullptr || !value->is_string()) return wrong_member(name, "a string");
  return value->text();
}

Result<SchemaText> parse_schema_text(const json::Value& value) {
  SchemaText text;
  Result<std::string> schema = parse_string_member(value, "schema");
  if (!schema) return fail(std::move(schema.error()));
  text.schema = std::move(*schema);
  if (const json::Value* type = find_set(value, "schemaType")) {
    if (!type->is_string()) return wrong_member("schemaType", "a string");
    text.schema_type = type->text();
  }
  if (const json::Value* references = find_set(value, "references")) {
    Result<std::vector<Reference>> parsed = parse_array(*references, parse_reference);
    if (!parsed) return fail(std::move(parsed.error()).within("references"));
    text.references = std::move(*parsed);
  }
  return text;
}

Result<SubjectVersion> parse_subject_version(const json::Value& value) {
  SubjectVersion result;
  Result<std::string> subject = parse_string_member(value, "subject");
  if (!subject) return fail(std::move(subject.error()));
  result.subject = std::move(*subject);
  const Result<int> version = parse_positive_member(value, "version");
  if (!version) return fail(version.error());
  result.version = *version;
  const Result<SchemaId> id = parse_schema_id(value);
  if (!id) return fail(id.error());
  result.id = *id;
  if (const json::Value* guid = find_set(value, "guid")) {
    if (!guid->is_string()) return wrong_member("guid", "a string");
    result.guid = guid->text();
  }
  Result<SchemaText> text = parse_schema_text(value);
  if (!text) return fail(std::move(text.error()));
  result.text = std::move(*text);
  return result;
}

Result<SubjectAndVersion> parse_subject_and_version(const json::Value& value) {
  Result<std::string> subject = parse_string_member(value, "subject");
  if (!subject) return fail(std::move(subject.error()));
  const Result<int> version = parse_positive_member(value, "version");
  if (!version) return fail(version.error());
  return SubjectAndVersion{std::move(*subject), *version};
}

Result<SchemaId> parse_schema_id(const json::Value& value) {
  const Result<int> id = parse_positive_member(value, "id");
  if (!id) return fail(id.error());
  return SchemaId{*id};
}

Result<int> parse_version(const json::Value& value) {
  const std::optional<int> version = as_positive(&value);
  if (!version) return fail(ErrorCode::kInternal, "a positive number was expected");
  return *version;
}

Result<CompatibilityVerdict> parse_compatibility_verdict(const json::Value& value) {
  CompatibilityVerdict verdict;
  const json::Value* compatible = value.find("is_compatible");
  if (compatible == nullptr || !compatible->is_boolean()) return wrong_member("is_compatible", "a boolean");
  verdict.is_compatible = compatible->boolean();
  if (const json::Value* messages = find_set(value, "messages")) {
    Result<std::vector<std::string>> parsed = parse_array(*messages, parse_string);
    if (!parsed) return fail(std::move(parsed.error()).within("messages"));
    verdict.messages = std::move(*parsed);
  } else if (const json::Value* reason = find_set(value, "reason"); reason != nullptr && reason->is_string()) {
    verdict.messages.push_back(reason->text());  // Apicurio's word for it
  }
  return verdict;
}

}  // namespace omashu::schema_registry
