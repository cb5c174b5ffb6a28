#include "cli/console/avro_message_reader.h"

#include <fmt/core.h>

#include <charconv>
#include <utility>

#include "base/nearest.h"
#include "cli/console/console_schema.h"

namespace omashu::cli {

namespace {

using serde::RecordPart;
using Properties = std::map<std::string, std::string>;

std::unexpected<Error> refuse(std::string message) { return fail(ErrorCode::kInvalidArgument, std::move(message)); }

constexpr std::string_view kPackage = "org.apache.kafka.common.serialization.";

constexpr std::pair<std::string_view, KeySerializer> kSerializers[] = {
    {"io.confluent.kafka.serializers.KafkaAvroSerializer", KeySerializer::kAvro},
    {"org.apache.kafka.common.serialization.StringSerializer", KeySerializer::kString},
    {"org.apache.kafka.common.serialization.LongSerializer", KeySerializer::kLong},
    {"org.apache.kafka.common.serialization.IntegerSerializer", KeySerializer::kInteger},
    {"org.apache.kafka.common.serialization.ShortSerializer", KeySerializer::kShort},
};

Result<KeySerializer> find_serializer(const std::string& class_name) {
  std::vector<std::string> names;
  for (const auto& [name, serializer] : kSerializers) {
    if (name == class_name) return serializer;
    names.emplace_back(name);
  }
  const std::string suggestion = did_you_mean(class_name, names);
  return refuse(fmt::format("key.serializer: the class {} cannot be used here{}", class_name,
                            suggestion.empty() ? fmt::format(": write {}StringSerializer, LongSerializer, "
                                                             "IntegerSerializer or ShortSerializer",
                                                             kPackage)
                                               : suggestion));
}

template <class Signed, class Unsigned>
Result<std::string> big_endian(std::string_view text) {
  std::string_view digits = text;
  if (digits.starts_with('+') && !digits.substr(1).starts_with('-')) digits.remove_prefix(1);
  Signed number = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || stop != digits.data() + digits.size()) {
    return refuse(fmt::format("key: '{}' is no number of {} bytes", text, sizeof(Signed)));
  }
  std::string bytes;
  for (size_t i = sizeof(Unsigned); i-- > 0;) {
    bytes += static_cast<char>(static_cast<Unsigned>(number) >> 8 * i & 0xff);
  }
  return bytes;
}

}  // namespace

const std::vector<std::string>& AvroMessageReader::property_names() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names = ConsoleInput::names();
    names.emplace_back("key.serializer");
    const auto schema_names = console_schema_property_names();
    names.insert(names.end(), schema_names.begin(), schema_names.end());
    return names;
  }();
  return kNames;
}

AvroMessageReader::AvroMessageReader(std::string topic, ConsoleLineReader lines, KeySerializer key_serializer,
                                     serde::Serializer value, std::optional<serde::Serializer> key)
    : topic_(std::move(topic)),
      lines_(std::move(lines)),
      key_serializer_(key_serializer),
      value_(std::move(value)),
      key_(std::move(key)) {}

Result<AvroMessageReader> AvroMessageReader::open(schema_registry::Client& registry, const std::string& topic,
                                                  const Properties& properties) {
  KeySerializer key_serializer = KeySerializer::kAvro;
  if (const auto named = properties.find("key.serializer"); named != properties.end()) {
    const auto found = find_serializer(named->second);
    if (!found) return fail(found.error());
    key_serializer = *found;
  }
  const auto format = ConsoleInput::of_java(properties);
  auto lines = ConsoleLineReader::open(format);
  if (!lines) return fail(std::move(lines.error()));
  auto value = open_console_serializer(registry, topic, RecordPart::kValue, properties);
  if (!value) return fail(std::move(value.error()));
  std::optional<serde::Serializer> key;
  if (format.parse_key && key_serializer == KeySerializer::kAvro) {
    auto opened = open_console_serializer(registry, topic, RecordPart::kKey, properties);
    if (!opened) return fail(std::move(opened.error()));
    key = *std::move(opened);
  }
  return AvroMessageReader(topic, *std::move(lines), key_serializer, *std::move(value), std::move(key));
}

Result<kafka::Record> AvroMessageReader::read(std::string_view line) const {
  auto parts = lines_.read(line);
  if (!parts) return fail(std::move(parts.error()));
  kafka::Record record{.topic = topic_, .headers = std::move(parts->headers)};
  if (parts->key) {
    auto bytes = read_key(*parts->key);
    if (!bytes) return fail(std::move(bytes.error()));
    record.key = *std::move(bytes);
  }
  if (!parts->value) return record;
  record.value.emplace();
  if (auto written = value_.serialize(*parts->value, *record.value, avro::JsonForm::kAvro); !written) {
    return fail(std::move(written.error()).within("value"));
  }
  return record;
}

Result<std::string> AvroMessageReader::read_key(std::string_view text) const {
  switch (key_serializer_) {
    case KeySerializer::kString: return std::string(text);
    case KeySerializer::kLong: return big_endian<int64_t, uint64_t>(text);
    case KeySerializer::kInteger: return big_endian<int32_t, uint32_t>(text);
    case KeySerializer::kShort: return big_endian<int16_t, uint16_t>(text);
    case KeySerializer::kAvro: break;
  }
  std::string bytes;
  if (auto written = key_->serialize(text, bytes, avro::JsonForm::kAvro); !written) {
    return fail(std::move(written.error()).within("key"));
  }
  return bytes;
}

}  // namespace omashu::cli
