#include "table/record_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "avro/codec.h"
#include "schema_registry/client/testing/memory_registry.h"
#include "serde/wire_format.h"

namespace omashu::table {
namespace {

using schema_registry::testing::MemoryRegistry;
using ::testing::HasSubstr;

constexpr const char* kKey = R"({"type":"record","name":"K","fields":[{"name":"id","type":"string"}]})";
constexpr const char* kOld = R"({"type":"record","name":"V","fields":[{"name":"status","type":"string"}]})";
constexpr const char* kNew = R"({"type":"record","name":"V","fields":[{"name":"status","type":"string"},
  {"name":"percent","type":"int","default":7}]})";
constexpr const char* kOther = R"({"type":"record","name":"V","fields":[{"name":"percent","type":"string"}]})";

class RecordFilterTest : public testing::Test {
 protected:
  schema_registry::SchemaId add(const std::string& subject, const char* text) {
    return *registry_.register_schema(subject, {.schema = text}, false);
  }

  static std::string framed(schema_registry::SchemaId id, const char* schema, std::string_view json) {
    std::string bytes;
    serde::append_id_frame(bytes, id);
    EXPECT_TRUE(avro::Encoder::compile(*avro::Schema::parse(schema))->from_json(json, bytes));
    return bytes;
  }

  static kafka::Message message(std::optional<std::string> key, std::optional<std::string> value) {
    kafka::Message message;
    message.topic = "t";
    message.key = std::move(key);
    message.value = std::move(value);
    return message;
  }

  RecordFilter open(std::string condition) {
    auto filter = RecordFilter::open(registry_, "t", *Filter::parse(std::vector{std::move(condition)}));
    EXPECT_TRUE(filter) << (filter ? "" : filter.error().message);
    return *std::move(filter);
  }

  MemoryRegistry registry_;
};

TEST_F(RecordFilterTest, SeesValuesThroughTheLatestSchema) {
  const auto old_id = add("t-value", kOld);
  add("t-value", kNew);
  RecordFilter filter = open("percent=7");
  EXPECT_EQ(filter.matches(message("k", framed(old_id, kOld, R"({"status":"A"})"))), true)
      << "a field that came later has its default";
  EXPECT_EQ(filter.matches(message("k", std::nullopt)), false) << "a tombstone has no fields";
}

TEST_F(RecordFilterTest, WhatTheLatestSchemaCannotReadIsAskedAsItWasWritten) {
  const auto other = add("elsewhere", kOther);
  add("t-value", kNew);
  EXPECT_EQ(open("percent=7").matches(message("k", framed(other, kOther, R"({"percent":"7"})"))), true);
}

TEST_F(RecordFilterTest, AsksKeysAndValuesWithoutASchema) {
  RecordFilter filter = open("key=k");
  EXPECT_EQ(filter.matches(message("k", "{}")), true);
  EXPECT_EQ(filter.matches(message("x", "{}")), false);
  EXPECT_EQ(filter.matches(message(std::nullopt, "{}")), false);
  EXPECT_EQ(open("a.b=1").matches(message("k", R"({"a":{"b":1}})")), true);
}

TEST_F(RecordFilterTest, DecodesOnlyWhatIsAsked) {
  const auto id = add("t-key", kKey);
  add("t-value", kNew);
  RecordFilter filter = open("key.id=a");
  EXPECT_EQ(filter.matches(message(framed(id, kKey, R"({"id":"a"})"), std::string("\0\0\0\0\x7f", 5))), true);
  const auto wrong = filter.matches(message(std::string("\0\0\0\0\x7f", 5), "{}"));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, ErrorCode::kCorrupt);
}

TEST_F(RecordFilterTest, AnErrorNamesTheCondition) {
  add("t-value", kNew);
  const auto filter = RecordFilter::open(registry_, "t", *Filter::parse(std::vector<std::string>{"percnt=7"}));
  ASSERT_FALSE(filter);
  EXPECT_THAT(filter.error().message, HasSubstr("V has no field 'percnt': did you mean percent?"));
}

}  // namespace
}  // namespace omashu::table
