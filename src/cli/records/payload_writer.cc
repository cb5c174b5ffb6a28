#include "cli/records/payload_writer.h"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "avro/schema_comments.h"
#include "base/json.h"
#include "cli/console/console_text.h"
#include "schema_registry/rest_json.h"
#include "serde/subject_name.h"
#include "table/key_text.h"

namespace omashu::cli {

namespace {

using schema_registry::SchemaText;
using serde::PayloadFormat;
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
  SchemaText schema{.schema = avro::without_comments(*text)};
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

bool can_be_null(const avro::Schema& schema) {
  const avro::Node& root = schema.root();
  return root.type == avro::Type::kNull ||
         std::ranges::any_of(root.branches, [](const avro::Node* branch) { return branch->type == avro::Type::kNull; });
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
  PayloadWriter writer(part, options.format);
  if (options.format != PayloadFormat::kAuto && options.format != PayloadFormat::kAvro) return writer;
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
  if (serializer) {
    writer.serializer_ = *std::move(serializer);
    return writer;
  }
  const bool may_have_none = options.format == PayloadFormat::kAuto && is_latest && !*schema;
  if (!may_have_none || serializer.error().code != ErrorCode::kNotFound) return fail(std::move(serializer.error()));
  writer.missing_subject_ = serde::topic_subject(topic, part);
  return writer;
}

Result<std::string> PayloadWriter::write(const LinePayload& payload, avro::JsonForm form) const {
  const bool may_be_bytes = format_ == PayloadFormat::kAuto && !payload.is_datum;
  if (serializer_ && may_be_bytes && payload.json.starts_with(R"({"base64":)")) {
    // Bytes as they are, where it is just that.
    if (auto bytes = serde::payload_of_json(payload.json, PayloadFormat::kAuto)) return bytes;
  }
  if (serializer_) return serialize(bare_key_completed(payload.json), form);
  auto bytes = serde::payload_of_json(payload.json, format_);
  if (!bytes) return fail(in_part(std::move(bytes.error())));
  return bytes;
}

Result<std::optional<std::string>> PayloadWriter::write_console(std::string_view text) const {
  if (text == "null" && format_ != PayloadFormat::kString && !(serializer_ && can_be_null(serializer_->schema()))) {
    return std::nullopt;
  }
  if (!serializer_) {
    auto bytes = payload_of_console_text(text, format_);
    if (!bytes) return fail(in_part(std::move(bytes.error())));
    return *std::move(bytes);
  }
  std::string json(text);
  if (part_ == RecordPart::kKey && serializer_->schema().root().type != avro::Type::kUnion) {
    auto key = table::key_from_text(serializer_->schema().root(), text);
    if (!key) return fail(in_part(std::move(key.error())));
    json = *std::move(key);
  }
  auto bytes = serialize(json, avro::JsonForm::kAvro);
  if (!bytes) return fail(std::move(bytes.error()));
  return *std::move(bytes);
}

// A key that is a record of one field may be given as that field's value.
std::string PayloadWriter::bare_key_completed(const std::string& json) const {
  const avro::Node& root = serializer_->schema().root();
  const bool is_bare = part_ == RecordPart::kKey && root.type == avro::Type::kRecord && root.fields.size() == 1 &&
                       !json.starts_with('{');
  if (!is_bare) return json;
  std::string completed = "{";
  json::append_quoted(completed, root.fields.front().name);
  return completed + ":" + json + "}";
}

Result<std::string> PayloadWriter::serialize(std::string_view json, avro::JsonForm form) const {
  std::string bytes;
  if (auto written = serializer_->serialize(json, bytes, form); !written) {
    return fail(in_part(std::move(written.error())));
  }
  return bytes;
}

Error PayloadWriter::in_part(Error error) const {
  if (!missing_subject_.empty()) error.message += fmt::format(" (there is no subject {})", missing_subject_);
  return std::move(error).within(std::string(serde::record_part_name(part_)));
}

}  // namespace omashu::cli
