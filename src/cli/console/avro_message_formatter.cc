#include "cli/console/avro_message_formatter.h"

#include <fmt/core.h>

#include <utility>

#include "avro/java_datum_json.h"
#include "cli/console/java_boolean.h"
#include "serde/record_place.h"
#include "serde/wire_format.h"

namespace omashu::cli {

namespace {

using serde::RecordPart;

using Options = AvroMessageFormatterOptions;

constexpr const char* kConverters = "avro.use.logical.type.converters";

Result<std::optional<JavaDeserializer>> find_deserializer(const std::map<std::string, std::string>& properties,
                                                          const std::string& name) {
  const auto found = properties.find(name);
  if (found == properties.end() || found->second == kKafkaAvroDeserializer) return std::nullopt;
  const auto deserializer = JavaDeserializer::find(found->second);
  if (!deserializer) return fail(Error(deserializer.error()).within(name));
  return *deserializer;
}

std::optional<std::string_view> schema_id_header(const kafka::Message& message, RecordPart part) {
  for (auto header = message.headers.rbegin(); header != message.headers.rend(); ++header) {
    if (header->name == serde::schema_id_header_name(part) && header->value) return *header->value;
  }
  return std::nullopt;
}

std::string id_text(const serde::SchemaKey& key) {
  if (const auto* id = std::get_if<serde::SchemaId>(&key)) return fmt::format("{}", static_cast<int32_t>(*id));
  return serde::to_text(std::get<serde::Guid>(key));
}

}  // namespace

Result<Options> Options::parse(const std::map<std::string, std::string>& properties) {
  Options options;
  options.line = ConsoleOutput::of_java(properties);
  options.line.print_value = true;  // Confluent's has no such property
  const auto converters = properties.find(kConverters);
  options.use_logical_type_converters = converters != properties.end() && is_java_true(converters->second);
  const auto key = find_deserializer(properties, "key.deserializer");
  if (!key) return fail(key.error());
  options.key_deserializer = *key;
  const auto headers = find_deserializer(properties, "headers.deserializer");
  if (!headers) return fail(headers.error());
  options.headers_deserializer = *headers;
  return options;
}

const std::vector<std::string>& Options::property_names() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names = ConsoleOutput::names();
    std::erase(names, "print.value");
    names.insert(names.end(), {"key.deserializer", "headers.deserializer", kConverters});
    return names;
  }();
  return kNames;
}

AvroMessageFormatter::AvroMessageFormatter(AvroMessageFormatterOptions options, schema_registry::Client& registry)
    : options_(std::move(options)), deserializer_(registry) {}

Result<bool> AvroMessageFormatter::append(const kafka::Message& message, std::string& out) {
  std::vector<std::optional<std::string>> headers;
  if (options_.line.print_headers) {
    auto texts = header_texts(message);
    if (!texts) return fail(std::move(texts.error()));
    headers = *std::move(texts);
  }
  auto key = options_.line.print_key ? key_part(message) : ConsolePart();
  if (!key) return fail(std::move(key.error()));
  auto value = value_part(message);
  if (!value) return fail(std::move(value.error()));
  size_t header = 0;
  append_console_record(
      options_.line, message, [&](const kafka::Header&) { return std::move(headers[header++]); }, *key, *value, out);
  return true;
}

// Without a deserializer, Confluent's formatter prints the null literal for whatever value a header has.
Result<std::vector<std::optional<std::string>>> AvroMessageFormatter::header_texts(
    const kafka::Message& message) const {
  std::vector<std::optional<std::string>> texts(message.headers.size());
  if (!options_.headers_deserializer) return texts;
  for (size_t i = 0; i < texts.size(); ++i) {
    const kafka::Header& header = message.headers[i];
    if (!header.value) continue;
    auto text = options_.headers_deserializer->to_text(*header.value);
    if (!text) return fail(Error(text.error()).within("header " + header.name));
    texts[i] = *std::move(text);
  }
  return texts;
}

Result<ConsolePart> AvroMessageFormatter::key_part(const kafka::Message& message) {
  if (options_.key_deserializer) {
    if (!message.key) return ConsolePart();
    auto text = options_.key_deserializer->to_text(*message.key);
    if (text) return ConsolePart{.text = *std::move(text), .schema_id = {}};
    return fail(
        Error(text.error()).within(fmt::format("{}-{}-{} key", message.topic, message.partition, message.offset)));
  }
  if (!message.key) return ConsolePart{.text = {}, .schema_id = options_.line.null_literal};
  return avro_part(message, RecordPart::kKey);
}

Result<ConsolePart> AvroMessageFormatter::value_part(const kafka::Message& message) {
  if (!message.value) return ConsolePart{.text = {}, .schema_id = "null"};  // whatever null.literal is
  return avro_part(message, RecordPart::kValue);
}

Result<ConsolePart> AvroMessageFormatter::avro_part(const kafka::Message& message, RecordPart part) {
  const serde::RecordPlace place{
      .topic = message.topic, .part = part, .partition = message.partition, .offset = message.offset};
  const std::string& payload = part == RecordPart::kKey ? *message.key : *message.value;
  const auto datum = deserializer_.read(payload, schema_id_header(message, part), place);
  if (!datum) {
    Error error = datum.error();
    if (serde::is_records_own(error.code)) error.code = ErrorCode::kCorrupt;
    return fail(std::move(error));
  }
  std::string text;
  auto appended = avro::append_java_json(datum->writer->schema, datum->bytes,
                                         {.use_logical_type_converters = options_.use_logical_type_converters}, text);
  if (!appended) {
    return fail(std::move(appended.error())
                    .within(fmt::format("{}-{}-{} {}", message.topic, message.partition, message.offset,
                                        serde::record_part_name(part))));
  }
  return ConsolePart{.text = std::move(text), .schema_id = id_text(datum->key)};
}

}  // namespace omashu::cli
