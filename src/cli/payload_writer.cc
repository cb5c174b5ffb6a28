#include "cli/payload_writer.h"

#include <fmt/core.h>

#include <fstream>
#include <iterator>

#include "base/json.h"
#include "schema_registry/rest_json.h"
#include "serde/subject_name.h"
#include "table/key_text.h"

namespace omashu::cli {

namespace {

using schema_registry::SchemaText;
using serde::RecordPart;
using serde::Serializer;

std::unexpected<Error> refuse(std::string message) { return fail(ErrorCode::kInvalidArgument, std::move(message)); }

Result<bool> parse_boolean(const std::string& name, const std::string& value) {
  if (value == "true" || value == "false") return value == "true";
  return refuse(fmt::format("{}: '{}' is neither true nor false", name, value));
}

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.is_open() || file.bad()) return fail(ErrorCode::kIo, fmt::format("{}: cannot be read", path));
  return text;
}

// The schema that the command line gives, if it gives one.
Result<std::optional<SchemaText>> given_schema(const PayloadWriterOptions& options) {
  std::optional<std::string> text = options.schema_text;
  if (options.schema_file) {
    auto read = read_file(*options.schema_file);
    if (!read) return fail(std::move(read.error()));
    text = *std::move(read);
  }
  if (!text) return std::nullopt;
  SchemaText schema{.schema = *std::move(text)};
  if (options.references) {
    auto references = json::parse(*options.references);
    if (!references) return fail(std::move(references.error()).within("references"));
    const auto parsed = schema_registry::parse_schema_text(
        json::Value::object().add("schema", schema.schema).add("references", *std::move(references)));
    if (!parsed) return refuse("references: write [{\"name\":…,\"subject\":…,\"version\":…}]");
    schema.references = parsed->references;
  }
  return schema;
}

}  // namespace

Result<bool> PayloadWriterOptions::set(RecordPart part, const std::string& name, const std::string& value) {
  const std::string prefix = std::string(serde::record_part_name(part)) + ".";
  const auto set_flag = [&](auto& flag) -> Result<bool> {
    const auto parsed = parse_boolean(name, value);
    if (!parsed) return parsed;
    flag = *parsed;
    return true;
  };
  if (name == "auto.register.schemas") return set_flag(auto_register_schemas);
  if (name == "use.latest.version") return set_flag(use_latest_version);
  if (name == "normalize.schemas") return set_flag(normalize_schemas);
  if (name == prefix + "schema") {
    schema_text = value;
  } else if (name == prefix + "schema.file") {
    schema_file = value;
  } else if (name == prefix + "refs") {
    references = value;
  } else if (name == prefix + "subject.name.strategy") {
    subject_name_strategy = value;
  } else if (name == prefix + "schema.id") {
    const auto parsed = json::parse(value);
    schema_id = parsed ? parsed->as_int64() : std::nullopt;
    if (!schema_id) return refuse(fmt::format("{}: '{}' is no schema id", name, value));
  } else {
    return false;
  }
  return true;
}

std::vector<std::string> PayloadWriterOptions::names() {
  std::vector<std::string> names = {"auto.register.schemas", "use.latest.version", "normalize.schemas"};
  for (const char* part : {"key", "value"}) {
    for (const char* name : {"schema", "schema.file", "schema.id", "refs", "subject.name.strategy"}) {
      names.push_back(fmt::format("{}.{}", part, name));
    }
  }
  return names;
}

Result<PayloadWriter> PayloadWriter::open(schema_registry::Client& registry, const std::string& topic, RecordPart part,
                                          const PayloadWriterOptions& options) {
  if (options.format == "string") return PayloadWriter(part, std::nullopt);
  const auto schema = given_schema(options);
  if (!schema) return fail(schema.error());
  serde::SerializerOptions serializer_options;
  if (options.subject_name_strategy) {
    const auto strategy = serde::parse_subject_name_strategy(*options.subject_name_strategy);
    if (!strategy) {
      return refuse(
          fmt::format("subject.name.strategy: '{}' is not known: write TopicNameStrategy, RecordNameStrategy "
                      "or TopicRecordNameStrategy",
                      *options.subject_name_strategy));
    }
    serializer_options.subject_name_strategy = *strategy;
  }
  if (options.schema_id) serializer_options.use_schema_id = schema_registry::SchemaId(*options.schema_id);
  const bool is_latest = !options.schema_id && (!*schema || options.use_latest_version);
  serializer_options.use_latest_version = is_latest;
  serializer_options.auto_register_schemas =
      *schema && !is_latest && !options.schema_id && options.auto_register_schemas.value_or(true);
  serializer_options.normalize_schemas = options.normalize_schemas;
  auto serializer = Serializer::open(registry, topic, part, *schema, serializer_options);
  if (serializer) return PayloadWriter(part, *std::move(serializer));
  const bool may_be_text = part == RecordPart::kKey && options.format == "auto" && is_latest && !*schema;
  if (may_be_text && serializer.error().code == ErrorCode::kNotFound) return PayloadWriter(part, std::nullopt);
  return fail(std::move(serializer.error()));
}

Result<std::string> PayloadWriter::write(std::string_view json) const {
  if (!serializer_) {
    const auto parsed = json::parse(json);
    return parsed && parsed->is_string() ? parsed->text() : std::string(json);
  }
  std::string completed(json);
  if (part_ == RecordPart::kKey) {
    auto key = table::key_from_text(serializer_->schema().root(), json);
    if (!key) return fail(std::move(key.error()).within("key"));
    completed = *std::move(key);
  }
  std::string bytes;
  if (auto written = serializer_->serialize(completed, bytes); !written) {
    return fail(std::move(written.error()).within(std::string(serde::record_part_name(part_))));
  }
  return bytes;
}

}  // namespace omashu::cli
