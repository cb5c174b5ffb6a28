#include "serde/serializer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schema_registry/client/testing/memory_registry.h"

namespace omashu::serde {
namespace {

using namespace std::string_literals;
using schema_registry::SchemaText;
using schema_registry::testing::MemoryRegistry;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const SchemaText kStatus{.schema = R"({"type":"record","name":"Status","fields":[
    {"name":"omashuId","type":"string"},
    {"name":"status","type":{"type":"enum","name":"State","symbols":["QUEUED","RUNNING","DONE"]}}]})"};

const SchemaText kInt{.schema = "\"int\""};
const SchemaText kLong{.schema = "\"long\""};

class SerializerTest : public ::testing::Test {
 protected:
  Result<Serializer> open(const std::optional<SchemaText>& text, const SerializerOptions& options = {}) {
    return Serializer::open(registry_, "t", RecordPart::kValue, text, options);
  }

  std::string payload(const Serializer& serializer, std::string_view json) {
    std::string out;
    const Result<void> result = serializer.serialize(json, out);
    EXPECT_TRUE(result.has_value()) << result.error().message;
    return out;
  }

  MemoryRegistry registry_;
};

// What Confluent's Python, Go and JavaScript serializers send for the same record.
TEST_F(SerializerTest, TheBytesOfConfluentsClients) {
  EXPECT_EQ(payload(open(kStatus).value(), R"({"omashuId":"om-1","status":"RUNNING"})"), "\0\0\0\0\1\x08om-1\x02"s);
  EXPECT_EQ(payload(open(SchemaText{.schema = R"({"type":"string"})"}).value(), R"("hi")"), "\0\0\0\0\2\4hi"s);
}

TEST_F(SerializerTest, TopLevelBytesGoRawAsJavaSendsThem) {
  const SchemaText bytes{.schema = "\"bytes\""};
  EXPECT_EQ(payload(open(bytes).value(), R"("\u0001\u0002\u0003")"), "\0\0\0\0\1\1\2\3"s);
  EXPECT_EQ(payload(open(bytes).value(), R"("")"), "\0\0\0\0\1"s);
  const std::string long_json = '"' + std::string(300, 'x') + '"';
  EXPECT_EQ(payload(open(bytes).value(), long_json), "\0\0\0\0\1"s + std::string(300, 'x'));
  EXPECT_EQ(payload(open(bytes, {.top_level_bytes = TopLevelBytes::kWithLength}).value(), R"("\u0001\u0002\u0003")"),
            "\0\0\0\0\1\6\1\2\3"s);
  std::string out;
  open(bytes).value().serialize_avro("\6\1\2\3", out);
  EXPECT_EQ(out, "\0\0\0\0\1\1\2\3"s);
}

TEST_F(SerializerTest, BytesWithinAnotherTypeKeepTheirLength) {
  const SchemaText optional{.schema = R"(["null","bytes"])"};
  EXPECT_EQ(payload(open(optional).value(), R"("\u0001")"), "\0\0\0\0\1\2\2\1"s);
}

TEST_F(SerializerTest, TheGuidGoesIntoAHeader) {
  const Serializer serializer = open(kInt, {.schema_id_place = SchemaIdPlace::kHeader}).value();
  ASSERT_TRUE(serializer.header().has_value());
  EXPECT_EQ(serializer.header()->name, "__value_schema_id");
  EXPECT_EQ(serializer.header()->value, "\1"s + std::string(15, '\0') + "\1");
  EXPECT_EQ(payload(serializer, "1"), "\2");
  EXPECT_EQ(open(kInt).value().header(), std::nullopt);

  SerializerOptions by_id{.use_schema_id = SchemaId{1}, .schema_id_place = SchemaIdPlace::kHeader};
  EXPECT_EQ(open(std::nullopt, by_id).value().header()->value, serializer.header()->value);
  registry_.has_guids = false;
  EXPECT_THAT(open(kInt, {.schema_id_place = SchemaIdPlace::kHeader}).error().message, HasSubstr("tells no guid"));
}

TEST_F(SerializerTest, RegistersByDefaultAndNeedsNoNetworkAfterwards) {
  const Serializer serializer = open(kInt).value();
  EXPECT_THAT(registry_.calls(), ElementsAre("POST t-value/versions"));
  EXPECT_EQ(serializer.subject(), "t-value");
  EXPECT_EQ(serializer.id(), SchemaId{1});
  payload(serializer, "1");
  EXPECT_EQ(registry_.calls().size(), 1u);
}

TEST_F(SerializerTest, WithoutRegistrationTheSchemaMustBeThere) {
  const SerializerOptions options{.auto_register_schemas = false};
  const Error error = open(kInt, options).error();
  EXPECT_EQ(error.code, ErrorCode::kNotFound);
  EXPECT_THAT(error.message, HasSubstr("t value: the schema is not registered under t-value"));
  ASSERT_TRUE(registry_.register_schema("t-value", kInt, false).has_value());
  EXPECT_EQ(open(kInt, options).value().id(), SchemaId{1});
}

TEST_F(SerializerTest, TheLatestVersionNeedsNoSchema) {
  ASSERT_TRUE(registry_.register_schema("t-value", kInt, false).has_value());
  ASSERT_TRUE(registry_.register_schema("t-value", kLong, false).has_value());
  const Serializer serializer = open(std::nullopt, {.use_latest_version = true}).value();
  EXPECT_EQ(serializer.id(), SchemaId{2});
  EXPECT_EQ(serializer.schema().root().type, avro::Type::kLong);
}

TEST_F(SerializerTest, TheLatestVersionMustCarryWhatTheGivenSchemaSays) {
  ASSERT_TRUE(registry_.register_schema("t-value", kLong, false).has_value());
  SerializerOptions options{.auto_register_schemas = false, .use_latest_version = true};
  EXPECT_EQ(open(kInt, options).value().id(), SchemaId{1});
  const Error error = open(SchemaText{.schema = "\"string\""}, options).error();
  EXPECT_EQ(error.code, ErrorCode::kIncompatible);
  EXPECT_THAT(error.message, HasSubstr("version 1 of t-value"));
  EXPECT_THAT(error.message, HasSubstr("latest.compatibility.strict=false"));
  options.latest_compatibility_strict = false;
  EXPECT_TRUE(open(SchemaText{.schema = "\"string\""}, options).has_value());
}

TEST_F(SerializerTest, AnIdIsEnoughAndIsCheckedAgainstAGivenSchema) {
  ASSERT_TRUE(registry_.register_schema("elsewhere", kInt, false).has_value());
  SerializerOptions options{.use_schema_id = SchemaId{1}};
  EXPECT_EQ(payload(open(std::nullopt, options).value(), "-1"), "\0\0\0\0\1\1"s);
  EXPECT_EQ(open(kLong, options).error().code, ErrorCode::kIncompatible) << "an int cannot carry a long";
  options.id_compatibility_strict = false;
  EXPECT_TRUE(open(kLong, options).has_value());
}

TEST_F(SerializerTest, OptionsThatContradictEachOtherAreRefused) {
  EXPECT_EQ(open(std::nullopt).error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(open(kInt, {.use_latest_version = true}).error().message, HasSubstr("auto.register.schemas=false"));
  EXPECT_FALSE(open(std::nullopt, {.use_latest_version = true, .use_schema_id = SchemaId{1}}).has_value());
  EXPECT_TRUE(registry_.calls().empty());
}

TEST_F(SerializerTest, TheSubjectFollowsTheStrategy) {
  EXPECT_EQ(open(kStatus, {.subject_name_strategy = SubjectNameStrategy::kRecordName}).value().subject(), "Status");
  EXPECT_EQ(open(kStatus, {.subject_name_strategy = SubjectNameStrategy::kTopicRecordName}).value().subject(),
            "t-Status");
  EXPECT_FALSE(open(kInt, {.subject_name_strategy = SubjectNameStrategy::kRecordName}).has_value());
}

TEST_F(SerializerTest, AWrongRecordLeavesTheOutputAsItWas) {
  std::string out = "kept";
  EXPECT_FALSE(open(kStatus).value().serialize(R"({"omashuId":"om-1","status":"LOST"})", out).has_value());
  EXPECT_EQ(out, "kept");
}

}  // namespace
}  // namespace omashu::serde
