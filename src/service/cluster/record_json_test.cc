#include "service/cluster/record_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "schema_registry/client/testing/memory_registry.h"

namespace omashu::service {
namespace {

using schema_registry::testing::MemoryRegistry;
using ::testing::HasSubstr;

struct Content {
  kafka::Offset offset = 0;
  int64_t timestamp_ms = -1;
  std::optional<std::string> key = {};
  std::optional<std::string> value = {};
  std::vector<kafka::Header> headers = {};
};

kafka::Message message(Content content) {
  kafka::Message message;
  message.topic = "t";
  message.offset = content.offset;
  message.timestamp_ms = content.timestamp_ms;
  message.key = std::move(content.key);
  message.value = std::move(content.value);
  message.headers = std::move(content.headers);
  return message;
}

class RecordJsonTest : public ::testing::Test {
 protected:
  // The only record of a page.
  json::Value rendered(Content content) {
    inspect::RecordPage page;
    page.records.push_back(message(std::move(content)));
    page.upper[0] = 1;
    const auto parsed = json::parse(RecordJson(registry_).page("t", page));
    EXPECT_TRUE(parsed) << parsed.error().message;
    return parsed ? parsed->find("records")->items().front() : json::Value();
  }
  static std::string member(const json::Value& object, std::string_view name) {
    const json::Value* found = object.find(name);
    return found == nullptr ? "(none)" : json::to_text(*found);
  }

  MemoryRegistry registry_;
};

TEST_F(RecordJsonTest, ShowsAvroDataWithItsSchema) {
  const auto id = registry_.register_schema("t-value", {.schema = R"("long")"}, false);
  ASSERT_TRUE(id);
  std::string value = {0, 0, 0, 0, static_cast<char>(static_cast<int32_t>(*id)), 84};
  const json::Value record = rendered({.offset = 5, .timestamp_ms = 1'000, .key = "om-1", .value = value});
  EXPECT_EQ(member(record, "position"), R"("t-0-5")");
  EXPECT_EQ(member(record, "timestamp"), R"("1970-01-01T00:00:01.000Z")");
  EXPECT_EQ(member(record, "key"), R"("om-1")");
  EXPECT_EQ(member(record, "keyForm"), R"("text")");
  EXPECT_EQ(member(record, "keySchema"), "null");
  EXPECT_EQ(member(record, "keyBytes"), "4");
  EXPECT_EQ(member(record, "value"), "42");
  EXPECT_EQ(member(record, "valueForm"), R"("avro")");
  EXPECT_EQ(member(record, "valueSchema"), std::to_string(static_cast<int32_t>(*id)));
  EXPECT_EQ(member(record, "valueBytes"), "6");
  EXPECT_EQ(member(record, "valueProblem"), "(none)");
}

TEST_F(RecordJsonTest, WhatDoesNotDecodeIsBytesWithTheReason) {
  const json::Value record = rendered({.key = std::string("\0\0\0\0\7x", 6), .value = std::string("\xff\xfe")});
  EXPECT_EQ(member(record, "key"), R"({"base64":"AAAAAAd4"})");
  EXPECT_EQ(member(record, "keyForm"), R"("bytes")");
  EXPECT_EQ(member(record, "keySchema"), "7");
  EXPECT_THAT(member(record, "keyProblem"), HasSubstr("7"));
  EXPECT_EQ(member(record, "value"), R"({"base64":"//4="})");
  EXPECT_EQ(member(record, "valueForm"), R"("bytes")");
  EXPECT_EQ(member(record, "timestamp"), "null");
}

TEST_F(RecordJsonTest, AReasonThatQuotesBytesIsStillJson) {
  const auto id = registry_.register_schema("t-value", {.schema = R"({"type":"map","values":"int"})"}, false);
  ASSERT_TRUE(id);
  const std::string value = {0, 0, 0, 0, static_cast<char>(static_cast<int32_t>(*id)), 2, 2, '\xff', 2, 0};
  EXPECT_THAT(member(rendered({.value = value}), "valueProblem"), HasSubstr("\uFFFD"));
}

TEST_F(RecordJsonTest, JsonAndTombstonesAreToldApart) {
  const json::Value json = rendered({.key = "{no json", .value = R"({"a":[1,2]})"});
  EXPECT_EQ(member(json, "value"), R"({"a":[1,2]})");
  EXPECT_EQ(member(json, "valueForm"), R"("json")");
  EXPECT_EQ(member(json, "keyForm"), R"("text")");
  const json::Value tombstone = rendered({.key = "k"});
  EXPECT_EQ(member(tombstone, "value"), "null");
  EXPECT_EQ(member(tombstone, "valueForm"), "null");
  EXPECT_EQ(member(tombstone, "valueBytes"), "null");
}

TEST_F(RecordJsonTest, HeadersThatAreNoTextAreBase64) {
  const json::Value record = rendered({.headers = {{"a", "x"}, {"b", std::nullopt}, {"c", "\xff"}}});
  EXPECT_EQ(member(record, "headers"),
            R"([{"name":"a","value":"x"},{"name":"b","value":null},{"name":"c","base64":"/w=="}])");
}

TEST_F(RecordJsonTest, LargePayloadsAreLeftOut) {
  const json::Value record = rendered({.value = std::string((1 << 20) + 1, 'x')});
  EXPECT_EQ(member(record, "value"), "null");
  EXPECT_EQ(member(record, "valueBytes"), "1048577");
  EXPECT_THAT(member(record, "valueProblem"), HasSubstr("1.0 MiB"));
  inspect::RecordPage page;
  for (int i = 0; i < 40; ++i) page.records.push_back(message({.offset = i, .value = std::string(1 << 19, 'x')}));
  const std::string text = RecordJson(registry_).page("t", page);
  EXPECT_LT(text.size(), size_t{10} << 20);
  EXPECT_THAT(text, HasSubstr("ask for fewer records"));
}

TEST_F(RecordJsonTest, ARegistryThatIsAwayIsAskedOnceForAPage) {
  registry_.intercept = [](const std::string&) { return Error{ErrorCode::kUnavailable, "the registry is away", {}}; };
  inspect::RecordPage page;
  for (int i = 0; i < 5; ++i) page.records.push_back(message({.value = std::string("\0\0\0\0\7x", 6)}));
  EXPECT_THAT(RecordJson(registry_).page("t", page), HasSubstr("the registry is away"));
  EXPECT_LE(registry_.calls().size(), 1U);
}

}  // namespace
}  // namespace omashu::service
