#include "schema_registry/server/answer_json.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "base/json.h"

namespace omashu::schema_registry::server {

namespace {

void append_name(std::string& out, std::string_view name) {
  out += out.size() == 1 ? "\"" : ",\"";
  out += name;
  out += "\":";
}

void append_number(std::string& out, std::string_view name, int number) {
  append_name(out, name);
  out += fmt::format_int(number).c_str();
}

void append_text(std::string& out, std::string_view name, std::string_view text) {
  append_name(out, name);
  json::append_quoted(out, text);
}

void append_references(std::string& out, const std::vector<Reference>& references) {
  append_name(out, "references");
  for (const Reference& reference : references) {
    out += &reference == &references.front() ? '[' : ',';
    std::string object = "{";
    append_text(object, "name", reference.name);
    append_text(object, "subject", reference.subject);
    append_number(object, "version", reference.version);
    out += object + '}';
  }
  out += ']';
}

}  // namespace

std::string schema_json(const SchemaPlace& place, const SchemaText& text, const Annotations& annotations,
                        const Guid& guid, bool tells_all) {
  std::string out = "{";
  out.reserve(text.schema.size() * 5 / 4 + 128);  // quotes within the schema are escaped
  if (place.subject) append_text(out, "subject", *place.subject);
  if (place.version) append_number(out, "version", *place.version);
  if (place.id) append_number(out, "id", static_cast<int32_t>(*place.id));
  if (tells_all) append_text(out, "guid", guid_text(guid));
  if (tells_all || text.schema_type != "AVRO") append_text(out, "schemaType", text.schema_type);
  if (!text.references.empty()) append_references(out, text.references);
  if (!annotations.metadata.empty()) append_name(out, "metadata"), out += annotations.metadata;
  if (!annotations.rule_set.empty()) append_name(out, "ruleSet"), out += annotations.rule_set;
  append_text(out, "schema", place.text ? *place.text : text.schema);
  if (tells_all && place.entry != nullptr) {
    if (place.entry->timestamp_ms > 0)
      append_name(out, "ts"), out += fmt::format_int(place.entry->timestamp_ms).c_str();
    append_name(out, "deleted"), out += place.entry->is_deleted ? "true" : "false";
  }
  if (place.max_id) append_number(out, "maxId", *place.max_id);
  out += '}';
  return out;
}

std::string schema_json(const SchemaPlace& place, const Content& content, bool tells_all) {
  return schema_json(place, content.text, content.all_annotations(), content.guid, tells_all);
}

std::string numbers_json(std::span<const int> numbers) { return fmt::format("[{}]", fmt::join(numbers, ",")); }

std::string strings_json(std::span<const std::string> strings) {
  std::string out;
  for (const std::string& text : strings) {
    out += out.empty() ? '[' : ',';
    json::append_quoted(out, text);
  }
  return out.empty() ? "[]" : out + ']';
}

}  // namespace omashu::schema_registry::server
