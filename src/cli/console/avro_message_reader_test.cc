// What Java's console producer makes of the lines of testdata/console_producer.jsonl, and what we make of them. A case
// that "differs" says why; docs/console-tools.md has these reasons, too.

#include "cli/console/avro_message_reader.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/json.h"
#include "schema_registry/client/testing/memory_registry.h"

namespace omashu::cli {
namespace {

using schema_registry::testing::MemoryRegistry;

std::optional<std::string> hex(const std::optional<std::string>& bytes) {
  if (!bytes) return std::nullopt;
  std::string text;
  for (const char byte : *bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

std::optional<std::string> text_or_null(const json::Value& value) {
  if (value.is_null()) return std::nullopt;
  return value.text();
}

Result<kafka::Record> read(const json::Value& line) {
  MemoryRegistry registry;
  std::map<std::string, std::string> properties;
  const std::string names[] = {"value.schema", "key.schema"};
  const auto schemas = line.find("schemas")->items();
  for (size_t i = 0; i < schemas.size(); ++i) properties[names[i]] = schemas[i].text();
  if (const auto* given = line.find("properties")) {
    for (const json::Member& member : given->members()) properties[member.name] = member.value.text();
  }
  const auto reader = AvroMessageReader::open(registry, "t", properties);
  if (!reader) return fail(reader.error());
  return reader->read(line.find("line")->text());
}

TEST(AvroMessageReader, MakesTheRecordsThatJavasMakes) {
  std::ifstream file(OMASHU_CLI_TESTDATA "/console_producer.jsonl");
  size_t count = 0;
  for (std::string text; std::getline(file, text);) {
    const auto line = json::parse(text);
    ASSERT_TRUE(line) << text;
    if (line->find("about") != nullptr) continue;
    SCOPED_TRACE(line->find("name")->text());
    ++count;
    const auto record = read(*line);
    const bool is_java_error = line->find("java_error") != nullptr;
    if (line->find("differs") != nullptr) {
      EXPECT_EQ(record.has_value(), is_java_error) << "it does not differ";
      continue;
    }
    if (is_java_error) {
      EXPECT_FALSE(record);
      continue;
    }
    if (!record) {
      ADD_FAILURE() << record.error().message;
      continue;
    }
    EXPECT_EQ(hex(record->key), text_or_null(*line->find("key")));
    EXPECT_EQ(hex(record->value), text_or_null(*line->find("value")));
    const auto headers = line->find("headers")->items();
    ASSERT_EQ(record->headers.size(), headers.size());
    for (size_t i = 0; i < headers.size(); ++i) {
      EXPECT_EQ(record->headers[i].name, headers[i].items()[0].text());
      EXPECT_EQ(hex(record->headers[i].value), text_or_null(headers[i].items()[1]));
    }
  }
  EXPECT_GT(count, 100u);
}

TEST(AvroMessageReader, ASchemaMustBeGiven) {
  MemoryRegistry registry;
  const auto reader = AvroMessageReader::open(registry, "t", {{"value.schema", "\"string\""}, {"parse.key", "true"}});
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().message,
            "the key's schema is missing: give --property key.schema, key.schema.id or key.schema.file; `omashu "
            "produce` takes the subject's latest");
}

TEST(AvroMessageReader, ASchemaIsRegisteredUnlessItIsToBeThere) {
  MemoryRegistry registry;
  const std::map<std::string, std::string> closed = {{"value.schema", "\"long\""}, {"auto.register.schemas", "false"}};
  EXPECT_FALSE(AvroMessageReader::open(registry, "t", closed));
  ASSERT_TRUE(AvroMessageReader::open(registry, "t", {{"value.schema", "\"long\""}}));
  EXPECT_TRUE(registry.latest("t-value"));
  EXPECT_TRUE(AvroMessageReader::open(registry, "t", closed));
}

TEST(AvroMessageReader, SubjectsAreNamedByConfluentsClasses) {
  MemoryRegistry registry;
  const std::string schema = R"({"type":"record","name":"org.example.R","fields":[]})";
  const std::string strategy = "io.confluent.kafka.serializers.subject.RecordNameStrategy";
  ASSERT_TRUE(
      AvroMessageReader::open(registry, "t", {{"value.schema", schema}, {"value.subject.name.strategy", strategy}}));
  EXPECT_TRUE(registry.latest("org.example.R"));
  EXPECT_FALSE(registry.latest("t-value"));
}

TEST(AvroMessageReader, ReferencesAndTheLatestVersion) {
  MemoryRegistry registry;
  ASSERT_TRUE(
      registry.register_schema("inner", {.schema = R"({"type":"enum","name":"E","symbols":["A","B"]})"}, false));
  const std::map<std::string, std::string> properties = {
      {"value.schema", R"({"type":"record","name":"R","fields":[{"name":"e","type":"E"}]})"},
      {"value.refs", R"([{"name":"E","subject":"inner","version":1}])"}};
  const auto reader = AvroMessageReader::open(registry, "t", properties);
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_TRUE(reader->read(R"({"e":"B"})"));
  auto latest = properties;
  latest["auto.register.schemas"] = "false";
  latest["use.latest.version"] = "true";
  EXPECT_TRUE(AvroMessageReader::open(registry, "t", latest));
  latest["value.refs"] = "nonsense";
  EXPECT_FALSE(AvroMessageReader::open(registry, "t", latest));
}

TEST(AvroMessageReader, ASchemaByItsIdIsRegisteredUnderTheSubject) {
  MemoryRegistry registry;
  const auto id = registry.register_schema("other", {.schema = "\"long\""}, false);
  ASSERT_TRUE(id);
  const auto reader =
      AvroMessageReader::open(registry, "t", {{"value.schema.id", fmt::format("{}", static_cast<int32_t>(*id))}});
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_TRUE(registry.latest("t-value"));
  EXPECT_EQ(hex(reader->read("5")->value), fmt::format("00{:08x}0a", static_cast<int32_t>(*id)));
}

}  // namespace
}  // namespace omashu::cli
