#include "cli/records/record_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

using testing::HasSubstr;

kafka::Message message() {
  kafka::Message message;
  message.partition = 3;
  message.offset = 42;
  message.timestamp_ms = 1'709'251'199'999;
  message.headers = {{"trace", "abc"}, {"raw", "\xff"}, {"none", std::nullopt}, {"trace", ""}};
  return message;
}

TEST(RecordJson, PrintsARecordAsOneLine) {
  std::string out;
  append_record(out, message(), R"({"id":"a"})", R"({"n":1})", false);
  EXPECT_EQ(out, R"({"partition":3,"offset":42,"timestamp":"2024-02-29T23:59:59.999Z",)"
                 R"("headers":[{"name":"trace","value":"abc"},{"name":"raw","base64":"/w=="},)"
                 R"({"name":"none","value":null},{"name":"trace","value":""}],"key":{"id":"a"},"value":{"n":1}})");
  out.clear();
  kafka::Message bare;
  append_record(out, bare, std::nullopt, std::nullopt, true);
  EXPECT_EQ(out, R"({"partition":0,"offset":0,"timestamp":null,"form":"avro-json","key":null,"value":null})");
}

TEST(RecordJson, TakesWhatItPrinted) {
  for (const bool is_avro_json : {false, true}) {
    std::string line;
    append_record(line, message(), R"({"id":"a"})", R"({"n":1.0})", is_avro_json);
    const auto record = parse_record(line);
    ASSERT_TRUE(record) << record.error().message;
    EXPECT_EQ(record->key->json, R"({"id":"a"})");
    EXPECT_EQ(record->value->json, R"({"n":1.0})");
    EXPECT_EQ(record->is_avro_json, is_avro_json);
    EXPECT_TRUE(record->was_consumed);
    EXPECT_EQ(record->partition, 3);
    EXPECT_EQ(record->timestamp_ms, 1'709'251'199'999);
    ASSERT_EQ(record->headers.size(), 4u);
    EXPECT_EQ(record->headers[1].value, "\xff");
    EXPECT_EQ(record->headers[2].value, std::nullopt);
    EXPECT_EQ(record->headers[3].value, "");
  }
}

TEST(RecordJson, TakesTheLeastThatSaysEnough) {
  const auto tombstone = parse_record(R"({"key":"a","value":null,"headers":{"x":"1","n":2}})");
  ASSERT_TRUE(tombstone);
  EXPECT_EQ(tombstone->key->json, "\"a\"");
  EXPECT_FALSE(tombstone->value);
  EXPECT_FALSE(tombstone->is_avro_json);
  EXPECT_FALSE(tombstone->was_consumed);
  EXPECT_EQ(tombstone->partition, std::nullopt);
  EXPECT_EQ(tombstone->headers.at(1).value, "2");
  EXPECT_FALSE(parse_record(R"({"value":7})")->key);
}

TEST(RecordJson, SaysWhatIsWrong) {
  const auto error = [](const char* line) {
    const auto record = parse_record(line);
    return record ? std::string() : record.error().message;
  };
  EXPECT_THAT(error(R"({"status":"OK"})"), HasSubstr("--format console"));
  EXPECT_THAT(error("7"), HasSubstr("a record is written"));
  EXPECT_THAT(error(R"({"value":1,)"), HasSubstr("column 12"));
  EXPECT_THAT(error(R"({"value":1,"kye":2})"), HasSubstr("did you mean key?"));
  EXPECT_THAT(error(R"({"value":1,"partition":-1})"), HasSubstr("partition"));
  EXPECT_THAT(error(R"({"value":1,"partition":4294967296})"), HasSubstr("partition"));
  EXPECT_THAT(error(R"({"value":1,"timestamp":"yesterday"})"), HasSubstr("timestamp"));
  EXPECT_THAT(error(R"({"value":1,"timestamp":-1})"), HasSubstr("timestamp: -1 is before 1970"));
  EXPECT_THAT(error(R"({"value":1,"timestamp":"1969-12-31T23:59:59Z"})"), HasSubstr("is before 1970"));
  EXPECT_THAT(error(R"({"value":1,"form":"plain"})"), HasSubstr("form: write \"avro-json\""));
  EXPECT_THAT(error(R"({"value":1,"headers":7})"), HasSubstr("headers"));
  EXPECT_THAT(error(R"({"value":1,"headers":[{"value":1}]})"), HasSubstr("headers"));
  EXPECT_THAT(error(R"({"value":1,"headers":[{"name":"x","base64":"?"}]})"), HasSubstr("base64"));
}

}  // namespace
}  // namespace omashu::cli
