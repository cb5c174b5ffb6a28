// What Java's console consumer prints for the records of testdata/console_consumer.jsonl, and what we print.

#include "cli/console/avro_message_formatter.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/json.h"
#include "schema_registry/client/testing/memory_registry.h"

namespace omashu::cli {
namespace {

using schema_registry::testing::MemoryRegistry;

std::string from_hex(std::string_view digits) {
  std::string bytes;
  for (size_t i = 0; i < digits.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

std::optional<std::string> payload(const json::Value& line, const std::string& part) {
  const json::Value* bytes = line.find(part + "_bytes");
  if (bytes == nullptr) bytes = line.find(part);
  if (bytes == nullptr || bytes->is_null()) return std::nullopt;
  return from_hex(bytes->text());
}

kafka::Message message_of(const json::Value& line) {
  kafka::Message message;
  message.topic = "t";
  message.partition = 2;
  message.offset = 17;
  message.timestamp_ms = 1709251199999;
  if (const auto* timestamp = line.find("timestamp")) message.timestamp_ms = *timestamp->as_int64();
  message.is_log_append_time = line.find("is_log_append_time") != nullptr;
  message.key = payload(line, "key");
  message.value = payload(line, "value");
  if (const auto* headers = line.find("headers")) {
    for (const json::Value& header : headers->items()) {
      message.headers.push_back({.name = header.items()[0].text(), .value = std::nullopt});
      if (!header.items()[1].is_null()) message.headers.back().value = from_hex(header.items()[1].text());
    }
  }
  return message;
}

std::map<std::string, std::string> properties_of(const json::Value& line) {
  std::map<std::string, std::string> properties;
  if (const auto* given = line.find("properties")) {
    for (const json::Member& member : given->members()) properties[member.name] = member.value.text();
  }
  return properties;
}

TEST(AvroMessageFormatter, PrintsWhatJavasPrints) {
  std::ifstream file(OMASHU_CLI_TESTDATA "/console_consumer.jsonl");
  size_t count = 0;
  for (std::string text; std::getline(file, text);) {
    const auto line = json::parse(text);
    ASSERT_TRUE(line) << text;
    if (line->find("about") != nullptr) continue;
    SCOPED_TRACE(line->find("name")->text());
    MemoryRegistry registry;
    int subject = 0;
    for (const json::Value& schema : line->find("schemas")->items()) {
      (void)registry.register_schema("s" + std::to_string(++subject), {.schema = schema.text()}, false);
    }
    const auto options = AvroMessageFormatterOptions::parse(properties_of(*line));
    ASSERT_TRUE(options) << options.error().message;
    AvroMessageFormatter formatter(*options, registry);
    std::string out;
    const auto printed = formatter.append(message_of(*line), out);
    ++count;
    if (line->find("java_error") != nullptr) {
      ASSERT_FALSE(printed) << out;
      EXPECT_EQ(printed.error().code, ErrorCode::kCorrupt) << printed.error().message;
      EXPECT_EQ(out, "");
      continue;
    }
    ASSERT_TRUE(printed) << printed.error().message;
    EXPECT_EQ(out, line->find("output")->text());
  }
  EXPECT_GT(count, 100u);
}

TEST(AvroMessageFormatter, AClassThatIsNotKafkasIsRefused) {
  const auto options = AvroMessageFormatterOptions::parse({{"key.deserializer", "com.example.MyDeserializer"}});
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().message,
            "key.deserializer: the class com.example.MyDeserializer is not known here: classes of Java cannot be "
            "loaded, only Kafka's own have a double here");
  const auto mistyped = AvroMessageFormatterOptions::parse(
      {{"headers.deserializer", "org.apache.kafka.common.serialization.StringDeserialiser"}});
  ASSERT_FALSE(mistyped);
  EXPECT_NE(mistyped.error().message.find("did you mean org.apache.kafka.common.serialization.StringDeserializer"),
            std::string::npos);
}

}  // namespace
}  // namespace omashu::cli
