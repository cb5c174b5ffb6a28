#include "cli/console/console_schema.h"

#include <fmt/core.h>

#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>

#include "avro/schema_comments.h"
#include "base/json.h"
#include "cli/console/java_boolean.h"
#include "schema_registry/rest_json.h"
#include "serde/subject_name.h"

namespace omashu::cli {

namespace {

using schema_registry::SchemaId;
using schema_registry::SchemaText;
using serde::RecordPart;
using Properties = std::map<std::string, std::string>;

std::unexpected<Error> refuse(std::string message) { return fail(ErrorCode::kInvalidArgument, std::move(message)); }

const std::string* find(const Properties& properties, const std::string& name) {
  const auto found = properties.find(name);
  return found == properties.end() ? nullptr : &found->second;
}

Result<SchemaId> parse_id(const std::string& name, const std::string& text) {
  int32_t id = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error == std::errc() && stop == text.data() + text.size() && id >= 0) return SchemaId{id};
  return refuse(fmt::format("{}: '{}' is no schema id", name, text));
}

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.is_open() || file.bad()) return fail(ErrorCode::kIo, fmt::format("{}: cannot be read", path));
  return text;
}

Result<SchemaText> with_references(SchemaText schema, const std::string& references) {
  auto parsed = json::parse(references);
  if (!parsed) return fail(std::move(parsed.error()));
  const auto text = schema_registry::parse_schema_text(
      json::Value::object().add("schema", schema.schema).add("references", *std::move(parsed)));
  if (!text) return refuse("write [{\"name\":…,\"subject\":…,\"version\":…}]");
  schema.references = text->references;
  return schema;
}

// A schema id comes before a text, and a text before a file.
Result<SchemaText> given_schema(schema_registry::Client& registry, const std::string& part,
                                const Properties& properties) {
  const std::string name = part + ".schema";
  if (const auto* text = find(properties, name + ".id")) {
    const auto id = parse_id(name + ".id", *text);
    if (!id) return fail(id.error());
    auto schema = registry.schema_by_id(*id);
    if (!schema) return fail(std::move(schema.error()).within(name + ".id"));
    return schema;
  }
  SchemaText schema;
  if (const auto* text = find(properties, name)) {
    schema.schema = avro::without_comments(*text);
  } else if (const auto* path = find(properties, name + ".file")) {
    auto read = read_file(*path);
    if (!read) return fail(std::move(read.error()).within(name + ".file"));
    schema.schema = avro::without_comments(*read);
  } else {
    return refuse(
        fmt::format("the {0}'s schema is missing: give --property {1}, {1}.id or {1}.file; `omashu produce` "
                    "takes the subject's latest",
                    part, name));
  }
  if (const auto* references = find(properties, part + ".refs")) {
    auto with = with_references(schema, *references);
    if (!with) return fail(std::move(with.error()).within(part + ".refs"));
    return with;
  }
  return schema;
}

}  // namespace

Result<serde::Serializer> open_console_serializer(schema_registry::Client& registry, const std::string& topic,
                                                  RecordPart part, const Properties& properties) {
  const std::string part_name(serde::record_part_name(part));
  const auto schema = given_schema(registry, part_name, properties);
  if (!schema) return fail(schema.error());
  const auto is_set = [&](const char* name, bool otherwise) {
    const auto* value = find(properties, name);
    return value == nullptr ? otherwise : is_java_true(*value);
  };
  serde::SerializerOptions options;
  options.auto_register_schemas = is_set("auto.register.schemas", is_set("auto.register", true));
  options.normalize_schemas = is_set("normalize.schemas", false);
  options.latest_compatibility_strict = is_set("latest.compatibility.strict", true);
  options.id_compatibility_strict = is_set("id.compatibility.strict", true);
  // Registering comes first, then an id, then the latest version.
  if (!options.auto_register_schemas) {
    const auto* id = find(properties, "use.schema.id");
    if (id != nullptr && *id != "-1") {
      const auto parsed = parse_id("use.schema.id", *id);
      if (!parsed) return fail(parsed.error());
      options.use_schema_id = *parsed;
    } else {
      options.use_latest_version = is_set("use.latest.version", false);
    }
  }
  if (const auto* name = find(properties, part_name + ".subject.name.strategy")) {
    const auto strategy = serde::parse_subject_name_strategy(*name);
    if (!strategy) {
      return refuse(
          fmt::format("{}.subject.name.strategy: '{}' is not known: write TopicNameStrategy, "
                      "RecordNameStrategy or TopicRecordNameStrategy",
                      part_name, *name));
    }
    options.subject_name_strategy = *strategy;
  }
  auto serializer = serde::Serializer::open(registry, topic, part, *schema, options);
  if (!serializer) return fail(std::move(serializer.error()).within(part_name));
  return serializer;
}

std::vector<std::string> console_schema_property_names() {
  std::vector<std::string> names = {"auto.register.schemas",  "auto.register",     "use.latest.version",
                                    "use.schema.id",          "normalize.schemas", "latest.compatibility.strict",
                                    "id.compatibility.strict"};
  for (const char* part : {"key", "value"}) {
    for (const char* name : {"schema", "schema.file", "schema.id", "refs", "subject.name.strategy"}) {
      names.push_back(fmt::format("{}.{}", part, name));
    }
  }
  return names;
}

}  // namespace omashu::cli
