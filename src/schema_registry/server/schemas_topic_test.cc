#include "schema_registry/server/schemas_topic.h"

#include <gtest/gtest.h>

namespace omashu::schema_registry::server {
namespace {

// As found in topics that Confluent's registry wrote.
constexpr const char* kSchemaKey = R"({"keytype":"SCHEMA","subject":"orders-value","version":2,"magic":1})";
constexpr const char* kSchemaText =
    R"({"subject":"orders-value","version":2,"id":7,"references":[{"name":"a.B","subject":"b","version":1}],)"
    R"("metadata":{"properties":{"owner":"x"}},"ruleSet":{"domainRules":[{"name":"r","kind":"CONDITION","mode":"WRITE","type":"CEL"}]},)"
    R"("schema":"{\"type\":\"record\",\"name\":\"O\",\"fields\":[{\"name\":\"b\",\"type\":\"a.B\"}]}","deleted":false})";

SchemaValue order_schema() {
  return {
      .subject = "orders-value",
      .version = 2,
      .id = SchemaId{7},
      .text = {.schema = R"({"type":"record","name":"O","fields":[{"name":"b","type":"a.B"}]})",
               .references = {{"a.B", "b", 1}}},
      .annotations = {.metadata = R"({"properties":{"owner":"x"}})",
                      .rule_set = R"({"domainRules":[{"name":"r","kind":"CONDITION","mode":"WRITE","type":"CEL"}]})"}};
}

ParsedRecord parse(const std::string& key, const std::optional<std::string>& value) {
  auto parsed = parse_record(key, value);
  EXPECT_TRUE(parsed.has_value()) << parsed.error().message;
  return parsed ? *std::move(parsed) : ParsedRecord{};
}

TEST(SchemasTopic, KeysAreWrittenByteForByte) {
  EXPECT_EQ(key_text({KeyType::kSchema, "s", 1}), R"({"keytype":"SCHEMA","subject":"s","version":1,"magic":1})");
  EXPECT_EQ(key_text({KeyType::kConfig, "s"}), R"({"keytype":"CONFIG","subject":"s","magic":0})");
  EXPECT_EQ(key_text({KeyType::kConfig}), R"({"keytype":"CONFIG","magic":0})");
  EXPECT_EQ(key_text({KeyType::kMode, "s"}), R"({"keytype":"MODE","subject":"s","magic":0})");
  EXPECT_EQ(key_text({KeyType::kMode}), R"({"keytype":"MODE","magic":0})");
  EXPECT_EQ(key_text({KeyType::kDeleteSubject, "s"}), R"({"keytype":"DELETE_SUBJECT","subject":"s","magic":0})");
  EXPECT_EQ(key_text({KeyType::kContext, ".c"}),
            R"({"keytype":"CONTEXT","tenant":"default","context":".c","magic":0})");
  EXPECT_EQ(key_text({KeyType::kNoop}), R"({"keytype":"NOOP","magic":0})");
  EXPECT_EQ(key_text({KeyType::kConfig, "a\"\\b\xc3\xa9"}),
            "{\"keytype\":\"CONFIG\",\"subject\":\"a\\\"\\\\b\xc3\xa9\",\"magic\":0}");
}

TEST(SchemasTopic, ASchemaIsWrittenAndRead) {
  const TopicRecord record = schema_record(order_schema());
  EXPECT_EQ(record, (TopicRecord{kSchemaKey, kSchemaText}));

  const ParsedRecord parsed = parse(kSchemaKey, kSchemaText);
  EXPECT_EQ(parsed.key, (TopicKey{KeyType::kSchema, "orders-value", 2}));
  const auto& schema = std::get<SchemaValue>(parsed.value);
  EXPECT_EQ(schema.subject, "orders-value");
  EXPECT_EQ(schema.version, 2);
  EXPECT_EQ(schema.id, SchemaId{7});
  EXPECT_EQ(schema.text, order_schema().text);
  EXPECT_EQ(schema.annotations, order_schema().annotations);
  EXPECT_FALSE(schema.is_deleted);

  SchemaValue deleted = order_schema();
  deleted.is_deleted = true;
  EXPECT_TRUE(std::get<SchemaValue>(parse(kSchemaKey, schema_record(deleted).value).value).is_deleted);
}

TEST(SchemasTopic, AnotherTypeOfSchemaKeepsItsName) {
  SchemaValue schema = {
      .subject = "s", .version = 1, .id = SchemaId{1}, .text = {.schema = "{}", .schema_type = "JSON"}};
  const TopicRecord record = schema_record(schema);
  EXPECT_EQ(record.value, R"({"subject":"s","version":1,"id":1,"schemaType":"JSON","schema":"{}","deleted":false})");
  EXPECT_EQ(std::get<SchemaValue>(parse(record.key, record.value).value).text, schema.text);
}

TEST(SchemasTopic, SettingsAreWrittenAndRead) {
  const ConfigValue config = {.level = avro::CompatibilityLevel::kFullTransitive, .normalize = true};
  EXPECT_EQ(config_record("s", config).value,
            R"({"subject":"s","normalize":true,"compatibilityLevel":"FULL_TRANSITIVE"})");
  EXPECT_EQ(config_record("", {.level = avro::CompatibilityLevel::kNone}).value, R"({"compatibilityLevel":"NONE"})");
  EXPECT_EQ(config_record("", {}).value, "{}");
  const auto read =
      std::get<ConfigValue>(parse(config_record("s", config).key, config_record("s", config).value).value);
  EXPECT_EQ(read.level, config.level);
  EXPECT_EQ(read.normalize, true);

  EXPECT_EQ(mode_record("s", Mode::kImport).value, R"({"subject":"s","mode":"IMPORT"})");
  EXPECT_EQ(mode_record("", Mode::kReadOnly).value, R"({"mode":"READONLY"})");
  for (const Mode mode : {Mode::kReadWrite, Mode::kReadOnly, Mode::kReadOnlyOverride, Mode::kImport}) {
    EXPECT_EQ(std::get<Mode>(parse(mode_record("s", mode).key, mode_record("s", mode).value).value), mode);
  }
}

TEST(SchemasTopic, TheRestIsWrittenAndRead) {
  const TopicRecord deletion = delete_subject_record("s", 3);
  EXPECT_EQ(deletion.value, R"({"subject":"s","version":3})");
  EXPECT_EQ(std::get<DeleteSubjectValue>(parse(deletion.key, deletion.value).value).version, 3);

  const TopicRecord context = context_record(".c");
  EXPECT_EQ(context.value, R"({"tenant":"default","context":".c"})");
  EXPECT_EQ(parse(context.key, context.value).key, (TopicKey{KeyType::kContext, ".c"}));

  const LeaderValue leader = {.term = {12, "t1"}, .url = "http://h:1", .max_ids = {{"", 7}, {":.c:", 2}}};
  const TopicRecord led = leader_record(leader);
  EXPECT_EQ(led.value, R"({"term":"12-t1","leader":"http://h:1","maxIds":{"":7,":.c:":2}})");
  const auto read = std::get<LeaderValue>(parse(led.key, led.value).value);
  EXPECT_EQ(read.term, leader.term);
  EXPECT_EQ(read.url, "http://h:1");
  EXPECT_EQ(read.max_ids, leader.max_ids);
}

TEST(SchemasTopic, OthersSpellItOtherwise) {
  EXPECT_EQ(parse_key(R"({"magic":0,"version":4,"subject":"s","keytype":"SCHEMA"})").value(),
            (TopicKey{KeyType::kSchema, "s", 4}));
  EXPECT_EQ(parse_key(R"( { "keytype" : "CONFIG", "subject" : null, "magic" : 0 } )").value(),
            (TopicKey{KeyType::kConfig}));
  EXPECT_EQ(parse_key(R"({"keytype":"SOMETHING","x":[{}],"magic":9})").value(), TopicKey{});
  const auto schema = std::get<SchemaValue>(
      parse(kSchemaKey, R"({"ts":1,"md5":"x","schema":"\"int\"","references":null,"metadata":null,"id":7})").value);
  EXPECT_EQ(schema.text.schema, "\"int\"");
  EXPECT_EQ(std::get<ConfigValue>(parse(key_text({KeyType::kConfig, "s"}), R"({"alias":"x"})").value).level,
            std::nullopt);
}

TEST(SchemasTopic, ANoopOfAnotherRegistrySaysNothing) {
  for (const char* value : {"", "{}", "null", "7", R"({"term":""})", R"({"term":7})", R"({"term":"x-1"})",
                            R"({"term":"0-x"})", R"({"term":"7"})", R"({"term":"99999999999999999999-x"})"}) {
    EXPECT_TRUE(std::holds_alternative<std::monostate>(parse(key_text({KeyType::kNoop}), value).value)) << value;
  }
}

TEST(SchemasTopic, NoValueIsATombstone) {
  EXPECT_TRUE(std::holds_alternative<std::monostate>(parse(kSchemaKey, std::nullopt).value));
}

TEST(SchemasTopic, WrongKeysAreRefused) {
  for (const char* key : {"", "7", "[]", R"({"keytype":7})", R"({"keytype":"SCHEMA","version":1})",
                          R"({"keytype":"SCHEMA","subject":"s"})", R"({"keytype":"SCHEMA","subject":"s","version":0})",
                          R"({"keytype":"SCHEMA","subject":"s","version":2147483648})",
                          R"({"keytype":"SCHEMA","subject":"s","version":1.0})", R"({"keytype":"DELETE_SUBJECT"})",
                          R"({"keytype":"CONTEXT","subject":"s"})", R"({"keytype":"NOOP"} x)"}) {
    const auto parsed = parse_key(key);
    ASSERT_FALSE(parsed.has_value()) << key;
    EXPECT_EQ(parsed.error().code, ErrorCode::kCorrupt) << key;
  }
}

TEST(SchemasTopic, WrongValuesAreRefused) {
  const std::pair<TopicKey, const char*> wrong[] = {
      {{KeyType::kSchema, "s", 1}, R"({"schema":"x"})"},
      {{KeyType::kSchema, "s", 1}, R"({"id":-1,"schema":"x"})"},
      {{KeyType::kSchema, "s", 1}, R"({"id":1,"schema":{}})"},
      {{KeyType::kSchema, "s", 1}, R"({"id":1,"references":{}})"},
      {{KeyType::kSchema, "s", 1}, R"({"id":1,"references":[7]})"},
      {{KeyType::kSchema, "s", 1}, R"({"id":1,"references":[{"version":0}]})"},
      {{KeyType::kSchema, "s", 1}, R"({"id":1,"references":[{"name":"n.T","subject":"t"}]})"},
      {{KeyType::kSchema, "s", 1}, R"({"id":1,"metadata":{"tags":7}})"},
      {{KeyType::kSchema, "s", 1}, R"({"id":1,"deleted":"no"})"},
      {{KeyType::kConfig}, R"({"compatibilityLevel":"SIDEWAYS"})"},
      {{KeyType::kMode}, R"({"mode":"OPEN"})"},
      {{KeyType::kMode}, "{}"},
      {{KeyType::kDeleteSubject, "s"}, R"({"version":"2"})"},
  };
  for (const auto& [key, value] : wrong) EXPECT_FALSE(parse_record(key_text(key), value).has_value()) << value;
}

TEST(SchemasTopic, NoPrefixOfARecordIsTakenForIt) {
  const std::string key = kSchemaKey;
  for (size_t size = 0; size < key.size(); ++size) EXPECT_FALSE(parse_key(key.substr(0, size)).has_value()) << size;
  const std::string value = kSchemaText;
  for (size_t size = 0; size < value.size(); ++size) {
    EXPECT_FALSE(parse_record(key, value.substr(0, size)).has_value()) << size;
  }
}

}  // namespace
}  // namespace omashu::schema_registry::server
