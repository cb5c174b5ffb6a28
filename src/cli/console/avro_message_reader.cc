#include "cli/console/avro_message_reader.h"

#include <fmt/core.h>

#include <charconv>
#include <utility>

#include "base/nearest.h"
#include "cli/console/console_schema.h"
#include "cli/console/java_boolean.h"

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

Result<AvroMessageReader::Format> AvroMessageReader::Format::parse(const Properties& properties) {
  Format format;
  const std::pair<const char*, bool*> flags[] = {{"parse.key", &format.parse_key},
                                                 {"parse.headers", &format.parse_headers},
                                                 {"ignore.error", &format.ignore_error}};
  for (const auto& [name, value] : flags) {
    if (const auto found = properties.find(name); found != properties.end()) *value = is_java_true(found->second);
  }
  const std::pair<const char*, std::string*> texts[] = {{"key.separator", &format.key_separator},
                                                        {"headers.delimiter", &format.headers_delimiter},
                                                        {"headers.separator", &format.headers_separator},
                                                        {"headers.key.separator", &format.headers_key_separator}};
  for (const auto& [name, value] : texts) {
    if (const auto found = properties.find(name); found != properties.end()) *value = found->second;
  }
  if (const auto found = properties.find("null.marker"); found != properties.end()) format.null_marker = found->second;
  if (const auto found = properties.find("key.serializer"); found != properties.end()) {
    const auto serializer = find_serializer(found->second);
    if (!serializer) return fail(serializer.error());
    format.key_serializer = *serializer;
  }
  if (auto checked = format.check(); !checked) return fail(std::move(checked.error()));
  return format;
}

Result<void> AvroMessageReader::Format::check() const {
  const auto differ = [](std::string_view a, const std::optional<std::string>& x, std::string_view b,
                         const std::string& y) -> Result<void> {
    if (!x || *x != y) return {};
    return refuse(fmt::format("{} and {} must not be equal", a, b));
  };
  for (auto checked : {differ("headers.delimiter", headers_delimiter, "headers.separator", headers_separator),
                       differ("headers.delimiter", headers_delimiter, "headers.key.separator", headers_key_separator),
                       differ("headers.separator", headers_separator, "headers.key.separator", headers_key_separator),
                       differ("null.marker", null_marker, "key.separator", key_separator),
                       differ("null.marker", null_marker, "headers.separator", headers_separator),
                       differ("null.marker", null_marker, "headers.delimiter", headers_delimiter),
                       differ("null.marker", null_marker, "headers.key.separator", headers_key_separator)}) {
    if (!checked) return checked;
  }
  return {};
}

const std::vector<std::string>& AvroMessageReader::property_names() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names = {
        "parse.key",         "parse.headers",         "ignore.error", "key.separator", "headers.delimiter",
        "headers.separator", "headers.key.separator", "null.marker",  "key.serializer"};
    const auto schema_names = console_schema_property_names();
    names.insert(names.end(), schema_names.begin(), schema_names.end());
    return names;
  }();
  return kNames;
}

AvroMessageReader::AvroMessageReader(std::string topic, Format format, JavaPattern headers_separator,
                                     serde::Serializer value, std::optional<serde::Serializer> key)
    : topic_(std::move(topic)),
      format_(std::move(format)),
      headers_separator_(std::move(headers_separator)),
      value_(std::move(value)),
      key_(std::move(key)) {}

Result<AvroMessageReader> AvroMessageReader::open(schema_registry::Client& registry, const std::string& topic,
                                                  const Properties& properties) {
  auto format = Format::parse(properties);
  if (!format) return fail(std::move(format.error()));
  auto headers_separator = JavaPattern::compile(format->headers_separator);
  if (!headers_separator) return fail(std::move(headers_separator.error()).within("headers.separator"));
  auto value = open_console_serializer(registry, topic, RecordPart::kValue, properties);
  if (!value) return fail(std::move(value.error()));
  std::optional<serde::Serializer> key;
  if (format->parse_key && format->key_serializer == KeySerializer::kAvro) {
    auto opened = open_console_serializer(registry, topic, RecordPart::kKey, properties);
    if (!opened) return fail(std::move(opened.error()));
    key = *std::move(opened);
  }
  return AvroMessageReader(topic, *std::move(format), *std::move(headers_separator), *std::move(value), std::move(key));
}

// Takes what stands before the separator off `rest`. Nothing where it is not expected, or not there and that is
// ignored.
Result<std::optional<std::string_view>> AvroMessageReader::take_before(bool is_expected, std::string_view& rest,
                                                                       std::string_view separator,
                                                                       std::string_view name) const {
  if (!is_expected) return std::nullopt;
  const size_t at = rest.find(separator);
  if (at == std::string_view::npos) {
    if (format_.ignore_error) return std::nullopt;
    return refuse(fmt::format("no {} in the line", name));
  }
  const std::string_view before = rest.substr(0, at);
  rest.remove_prefix(at + separator.size());
  return before;
}

Result<kafka::Record> AvroMessageReader::read(std::string_view line) const {
  kafka::Record record{.topic = topic_};
  const auto headers = take_before(format_.parse_headers, line, format_.headers_delimiter, "headers.delimiter");
  if (!headers) return fail(headers.error());
  if (*headers && !is_null(**headers)) {
    auto parsed = read_headers(**headers);
    if (!parsed) return fail(std::move(parsed.error()));
    record.headers = *std::move(parsed);
  }
  const auto key = take_before(format_.parse_key, line, format_.key_separator, "key.separator");
  if (!key) return fail(key.error());
  if (*key && !is_null(**key)) {
    auto bytes = read_key(**key);
    if (!bytes) return fail(std::move(bytes.error()));
    record.key = *std::move(bytes);
  }
  if (is_null(line)) return record;
  record.value.emplace();
  if (auto written = value_.serialize(line, *record.value, avro::JsonForm::kAvro); !written) {
    return fail(std::move(written.error()).within("value"));
  }
  return record;
}

Result<std::vector<kafka::Header>> AvroMessageReader::read_headers(std::string_view text) const {
  std::vector<kafka::Header> headers;
  for (const std::string& pair : headers_separator_.split(std::string(text))) {
    const size_t at = pair.find(format_.headers_key_separator);
    if (at == std::string::npos) {
      if (!format_.ignore_error) {
        return refuse(
            fmt::format("no headers.key.separator ({}) in the header '{}'", format_.headers_key_separator, pair));
      }
      headers.push_back({.name = pair, .value = std::nullopt});
      continue;
    }
    kafka::Header header{.name = pair.substr(0, at), .value = pair.substr(at + format_.headers_key_separator.size())};
    if (is_null(header.name)) return refuse(fmt::format("the header's name '{}' is the null marker", header.name));
    if (is_null(*header.value)) header.value.reset();
    headers.push_back(std::move(header));
  }
  return headers;
}

Result<std::string> AvroMessageReader::read_key(std::string_view text) const {
  switch (format_.key_serializer) {
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
