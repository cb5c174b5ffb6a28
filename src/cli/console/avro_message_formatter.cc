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

constexpr std::pair<const char*, bool Options::*> kFlags[] = {
    {"print.timestamp", &Options::print_timestamp},
    {"print.partition", &Options::print_partition},
    {"print.offset", &Options::print_offset},
    {"print.headers", &Options::print_headers},
    {"print.key", &Options::print_key},
    {"print.schema.ids", &Options::print_schema_ids},
    {"avro.use.logical.type.converters", &Options::use_logical_type_converters},
};

constexpr std::pair<const char*, std::string Options::*> kTexts[] = {
    {"key.separator", &Options::key_separator},         {"line.separator", &Options::line_separator},
    {"headers.separator", &Options::headers_separator}, {"schema.id.separator", &Options::schema_id_separator},
    {"null.literal", &Options::null_literal},
};

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
  for (const auto& [name, member] : kFlags) {
    if (const auto found = properties.find(name); found != properties.end()) {
      options.*member = is_java_true(found->second);
    }
  }
  for (const auto& [name, member] : kTexts) {
    if (const auto found = properties.find(name); found != properties.end()) options.*member = found->second;
  }
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
    std::vector<std::string> names = {"key.deserializer", "headers.deserializer"};
    for (const auto& [name, member] : kFlags) names.emplace_back(name);
    for (const auto& [name, member] : kTexts) names.emplace_back(name);
    return names;
  }();
  return kNames;
}

AvroMessageFormatter::AvroMessageFormatter(AvroMessageFormatterOptions options, schema_registry::Client& registry)
    : options_(std::move(options)), deserializer_(registry) {}

Result<bool> AvroMessageFormatter::append(const kafka::Message& message, std::string& out) {
  std::string line;
  if (options_.print_timestamp) {
    line += message.timestamp_ms < 0 ? std::string("NO_TIMESTAMP")
                                     : fmt::format("{}:{}", message.is_log_append_time ? "LogAppendTime" : "CreateTime",
                                                   message.timestamp_ms);
    line += options_.key_separator;
  }
  if (options_.print_partition) line += fmt::format("Partition:{}{}", message.partition, options_.key_separator);
  if (options_.print_offset) line += fmt::format("Offset:{}{}", message.offset, options_.key_separator);
  const auto append_parts = [&]() -> Result<void> {
    if (options_.print_headers) {
      if (auto appended = append_headers(message, line); !appended) return appended;
    }
    if (options_.print_key) {
      if (auto appended = append_key(message, line); !appended) return appended;
    }
    return append_value(message, line);
  };
  if (auto appended = append_parts(); !appended) return fail(std::move(appended.error()));
  out.append(line).append(options_.line_separator);
  return true;
}

// Without a deserializer, Confluent's formatter prints the null literal for whatever value a header has.
Result<void> AvroMessageFormatter::append_headers(const kafka::Message& message, std::string& out) const {
  if (message.headers.empty()) out += "NO_HEADERS";
  bool is_first = true;
  for (const kafka::Header& header : message.headers) {
    if (!std::exchange(is_first, false)) out += options_.headers_separator;
    out.append(header.name).append(":");
    if (!options_.headers_deserializer || !header.value) {
      out += options_.null_literal;
      continue;
    }
    const auto text = options_.headers_deserializer->to_text(*header.value);
    if (!text) return fail(Error(text.error()).within("header " + header.name));
    out += text->value_or(options_.null_literal);
  }
  out += options_.key_separator;
  return {};
}

Result<void> AvroMessageFormatter::append_key(const kafka::Message& message, std::string& out) {
  if (!message.key) {
    out += options_.null_literal;
    if (options_.print_schema_ids && !options_.key_deserializer) {
      out.append(options_.schema_id_separator).append(options_.null_literal);
    }
  } else if (options_.key_deserializer) {
    const auto text = options_.key_deserializer->to_text(*message.key);
    if (!text) {
      return fail(
          Error(text.error()).within(fmt::format("{}-{}-{} key", message.topic, message.partition, message.offset)));
    }
    out += text->value_or(options_.null_literal);
  } else if (auto appended = append_avro(message, RecordPart::kKey, out); !appended) {
    return appended;
  }
  out += options_.key_separator;
  return {};
}

Result<void> AvroMessageFormatter::append_value(const kafka::Message& message, std::string& out) {
  if (message.value) return append_avro(message, RecordPart::kValue, out);
  out += options_.null_literal;
  if (options_.print_schema_ids) out.append(options_.schema_id_separator).append("null");  // whatever null.literal is
  return {};
}

Result<void> AvroMessageFormatter::append_avro(const kafka::Message& message, RecordPart part, std::string& out) {
  const serde::RecordPlace place{
      .topic = message.topic, .part = part, .partition = message.partition, .offset = message.offset};
  const std::string& payload = part == RecordPart::kKey ? *message.key : *message.value;
  const auto datum = deserializer_.read(payload, schema_id_header(message, part), place);
  if (!datum) {
    Error error = datum.error();
    if (serde::is_records_own(error.code)) error.code = ErrorCode::kCorrupt;
    return fail(std::move(error));
  }
  auto appended = avro::append_java_json(datum->writer->schema, datum->bytes,
                                         {.use_logical_type_converters = options_.use_logical_type_converters}, out);
  if (!appended) {
    return fail(std::move(appended.error())
                    .within(fmt::format("{}-{}-{} {}", message.topic, message.partition, message.offset,
                                        serde::record_part_name(part))));
  }
  if (options_.print_schema_ids) out.append(options_.schema_id_separator).append(id_text(datum->key));
  return {};
}

}  // namespace omashu::cli
