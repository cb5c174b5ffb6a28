#include "table/typed_topic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schema_registry/client/testing/memory_registry.h"
#include "table/stored_value.h"

namespace omashu::table {
namespace {

using schema_registry::testing::MemoryRegistry;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kValue = R"({"type":"record","name":"V","fields":[{"name":"status","type":"string"}]})";
constexpr const char* kValueWithPercent = R"({"type":"record","name":"V","fields":[{"name":"status","type":"string"},
  {"name":"percent","type":"int","default":7}]})";
constexpr const char* kKey = R"({"type":"record","name":"K","fields":[{"name":"id","type":"string"}]})";
constexpr const char* kKeyWithDoc =
    R"({"type":"record","name":"K","doc":"new","fields":[{"name":"id","type":"string"}]})";
constexpr const char* kKeyWithTenant =
    R"({"type":"record","name":"K","fields":[{"name":"id","type":"string"},{"name":"tenant","type":"string","default":"main"}]})";

class TypedTopicTest : public testing::Test {
 protected:
  void register_schema(const std::string& subject, const char* text) {
    ASSERT_TRUE(registry_.register_schema(subject, {.schema = text}, false));
  }

  TypedTopic open() {
    auto topic = TypedTopic::open(registry_, "t");
    EXPECT_TRUE(topic) << topic.error().message;
    return *std::move(topic);
  }

  static kafka::Message message(std::optional<std::string> key, std::optional<std::string> value) {
    kafka::Message message;
    message.topic = "t";
    message.partition = 1;
    message.offset = 5;
    message.timestamp_ms = 7;
    message.key = std::move(key);
    message.value = std::move(value);
    return message;
  }

  static std::string key_of(TypedTopic& topic, std::string text) {
    return topic.write_key(*topic.key_from_text(text)).value();
  }

  struct ReadRecord {
    std::string key;
    std::optional<std::string> value;
    std::optional<Error> unresolved = std::nullopt;
  };
  static Result<ReadRecord> read(TypedTopic& topic, const kafka::Message& message) {
    auto key = topic.read_key(message);
    if (!key) return fail(std::move(key.error()));
    if (!message.value) return ReadRecord{*key, std::nullopt};
    auto value = topic.values().read_json(payload_of(message, serde::RecordPart::kValue));
    if (!value) return fail(std::move(value.error()));
    return ReadRecord{*std::move(key), std::move(value->text), std::move(value->unresolved)};
  }

  MemoryRegistry registry_;
};

TEST_F(TypedTopicTest, ReadsWhatItWrote) {
  register_schema("t-key", kKey);
  register_schema("t-value", kValue);
  TypedTopic topic = open();
  const auto value = topic.write_value(R"({"status":"OK"})");
  ASSERT_TRUE(value) << value.error().message;
  const auto record = read(topic, message(key_of(topic, "a"), *value));
  ASSERT_TRUE(record) << record.error().message;
  EXPECT_EQ(record->key, R"({"id":"a"})");
  EXPECT_EQ(record->value, R"({"status":"OK"})");
  EXPECT_EQ(read(topic, message(key_of(topic, "a"), std::nullopt))->value, std::nullopt);
}

TEST_F(TypedTopicTest, ValuesAreSeenThroughTheLatestSchema) {
  register_schema("t-value", kValue);
  const std::string old = *open().write_value(R"({"status":"OK"})");
  register_schema("t-value", kValueWithPercent);
  TypedTopic topic = open();
  EXPECT_EQ(read(topic, message("k", old))->value, R"({"status":"OK","percent":7})");
  EXPECT_EQ(read(topic, message("k", old))->unresolved, std::nullopt);

  std::string kept;
  append_stored_value({.payload = old}, kept);
  EXPECT_EQ(topic.row_value({.key = "", .value = kept, .position = {}})->text, R"({"status":"OK","percent":7})");
}

TEST_F(TypedTopicTest, WhatTheLatestSchemaCannotReadIsAsItWasWritten) {
  register_schema("other-value", R"({"type":"record","name":"V","fields":[{"name":"other","type":"int"}]})");
  register_schema("t-value", kValue);
  const std::string value = *TypedTopic::open(registry_, "other")->write_value(R"({"other":3})");
  TypedTopic topic = open();
  const auto record = read(topic, message("k", value));
  ASSERT_TRUE(record) << record.error().message;
  EXPECT_EQ(record->value, R"({"other":3})");
  ASSERT_TRUE(record->unresolved);
  EXPECT_THAT(record->unresolved->message, HasSubstr("status"));
}

TEST_F(TypedTopicTest, KeysOfEveryVersionAreOneLogicalKey) {
  register_schema("t-key", kKey);
  const std::string first = [&] {
    TypedTopic topic = open();
    return key_of(topic, "a");
  }();
  register_schema("t-key", kKeyWithDoc);
  const std::string second = [&] {
    TypedTopic topic = open();
    return key_of(topic, "a");
  }();
  register_schema("t-key", kKeyWithTenant);
  TypedTopic topic = open();
  const std::string third = key_of(topic, R"({"id":"a"})");
  EXPECT_NE(first, second);
  EXPECT_NE(second, third);
  for (const std::string& bytes : {first, second, third}) {
    EXPECT_EQ(*topic.read_key(message(bytes, std::nullopt)), R"({"id":"a","tenant":"main"})");
  }
  const auto encodings = topic.every_key_encoding(R"({"id":"a"})");
  ASSERT_TRUE(encodings) << encodings.error().message;
  EXPECT_THAT(*encodings, ElementsAre(third, first, second));
  // Another tenant's key is none that the earlier schemas can say.
  EXPECT_EQ(topic.every_key_encoding(R"({"id":"a","tenant":"other"})")->size(), 1u);
}

TEST_F(TypedTopicTest, TransitionsAreThoseOfTheLatestSchema) {
  const auto with = [](std::string_view attributes) {
    return R"({"type":"record","name":"V","fields":[{"name":"status","type":{"type":"enum","name":"S","symbols":["A","B"]})" +
           std::string(attributes) + "}]}";
  };
  register_schema("t-value", with("").c_str());
  TypedTopic without_rules = open();
  EXPECT_TRUE(without_rules.transitions().is_empty());
  const std::string a = *without_rules.write_value(R"({"status":"A"})");
  const std::string b = *without_rules.write_value(R"({"status":"B"})");
  const StoredValue stored_a{.payload = a}, stored_b{.payload = b}, unreadable{.payload = "x"};
  EXPECT_EQ(*without_rules.check_transition(&stored_b, stored_a), std::nullopt);

  register_schema("t-value", with(R"(,"transitions":{"A":["B"]},"initial":["A"])").c_str());
  TypedTopic topic = open();
  EXPECT_EQ(*topic.check_transition(&stored_a, stored_b), std::nullopt);
  ASSERT_TRUE(*topic.check_transition(&stored_b, stored_a));
  EXPECT_EQ((*topic.check_transition(&stored_b, stored_a))->text(), "status cannot go from B to A: B is final");
  EXPECT_TRUE(*topic.check_transition(nullptr, stored_b));
  EXPECT_EQ(*topic.check_transition(&unreadable, stored_a), std::nullopt);

  register_schema("t-value", with(R"(,"transitions":{"C":[]})").c_str());
  TypedTopic malformed = open();
  EXPECT_TRUE(malformed.transitions().is_empty());
  EXPECT_THAT(malformed.transitions_mistake()->message, HasSubstr("no symbol 'C'"));
}

TEST_F(TypedTopicTest, KeysWithoutASchemaArePlainText) {
  register_schema("t-value", kValue);
  TypedTopic topic = open();
  EXPECT_EQ(key_of(topic, "om-1"), "om-1");
  EXPECT_EQ(*topic.read_key(message("om-1", std::nullopt)), "\"om-1\"");
  EXPECT_EQ(*topic.logical_key("a\"b"), R"("a\"b")");
  EXPECT_THAT(*topic.every_key_encoding("om-1"), ElementsAre("om-1"));
  EXPECT_EQ(*topic.read_key(message("\xff", std::nullopt)), R"({"base64":"/w=="})");
  EXPECT_THAT(*topic.every_key_encoding(R"({"base64":"/w=="})"), ElementsAre("\xff"));
  EXPECT_EQ(*topic.key_from_value(R"({"status":"S"})", "status"), "S");
}

TEST_F(TypedTopicTest, WithoutAValueSchemaJsonStaysJsonAndTextIsAString) {
  TypedTopic topic = open();
  EXPECT_EQ(read(topic, message("k", R"({ "a": [1] })"))->value, R"({"a":[1]})");
  EXPECT_EQ(read(topic, message("k", "hello"))->value, "\"hello\"");
  EXPECT_EQ(read(topic, message("k", "null"))->value, "\"null\"");
  EXPECT_EQ(read(topic, message("k", "\"q\""))->value, R"("\"q\"")");
  EXPECT_EQ(read(topic, message("k", "{no JSON"))->value, "\"{no JSON\"");
  EXPECT_EQ(read(topic, message("k", std::string("\0\0\0\0\0\0\0\5", 8)))->value, R"({"base64":"AAAAAAAAAAU="})");
  const auto written = topic.write_value("{}");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(written.error().message, HasSubstr("t-value"));
}

TEST_F(TypedTopicTest, ARecordThatDoesNotDecodeIsAtFaultItself) {
  register_schema("t-key", kKey);
  register_schema("t-value", kValue);
  TypedTopic topic = open();
  const std::string key = key_of(topic, "a");
  const std::string unknown_id("\0\0\0\x27\x0f\x02", 6);
  for (const std::string& value : {std::string(), std::string("text"), unknown_id, key + "x", std::string("\0", 1)}) {
    const auto record = read(topic, message(key, value));
    ASSERT_FALSE(record) << value;
    EXPECT_EQ(record.error().code, ErrorCode::kCorrupt) << record.error().message;
    EXPECT_THAT(record.error().message, HasSubstr("t-1-5"));
  }
  EXPECT_EQ(read(topic, message(std::nullopt, key)).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(read(topic, message("plain", std::nullopt)).error().code, ErrorCode::kCorrupt);
}

TEST_F(TypedTopicTest, ARegistryThatIsAwayIsNotTheRecordsFault) {
  register_schema("t-value", kValue);
  const std::string value = *open().write_value(R"({"status":"OK"})");
  TypedTopic topic = open();
  registry_.intercept = [](const std::string&) {
    return Error{ErrorCode::kUnavailable, "registry is away", std::nullopt};
  };
  const auto record = read(topic, message("k", value));
  ASSERT_FALSE(record);
  EXPECT_EQ(record.error().code, ErrorCode::kUnavailable);
  const auto opened = TypedTopic::open(registry_, "t");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kUnavailable);
}

TEST_F(TypedTopicTest, ChecksFieldsAgainstTheLatestVersion) {
  register_schema("t-value", R"({"type":"record","name":"V","fields":[{"name":"old","type":"string"}]})");
  register_schema(
      "t-value",
      R"({"type":"record","name":"V","fields":[{"name":"status","type":"string"},)"
      R"({"name":"source","type":["null",{"type":"record","name":"S","fields":[{"name":"url","type":"string"}]}]},)"
      R"({"name":"tags","type":{"type":"map","values":"string"}}]})");
  TypedTopic topic = open();
  const auto check = [&](const char* text) {
    const auto checked = topic.check(*FieldPath::parse(text));
    return checked ? "" : checked.error().message;
  };
  EXPECT_EQ(check("status"), "");
  EXPECT_EQ(check("old"), "V has no field 'old'");
  EXPECT_EQ(check("source.url"), "");
  EXPECT_EQ(check("tags.anything"), "");
  EXPECT_EQ(check("stauts"), "V has no field 'stauts': did you mean status?");
  EXPECT_EQ(check("source.urll"), "S has no field 'urll': did you mean url?");
  EXPECT_EQ(check("status.inner"), "a value of type string has no field 'inner'");
}

}  // namespace
}  // namespace omashu::table
