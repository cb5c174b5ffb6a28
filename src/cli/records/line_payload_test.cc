#include "cli/records/line_payload.h"

#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

std::string line_of(std::string_view datum, std::string_view name = "avro") {
  return line_datum(std::string(datum), name);
}

TEST(LinePayload, ADatumStandsAsItIsWhereItHasNoOtherMeaning) {
  for (const char* datum : {R"({"a":1})", R"("null")", R"({"base64":5})", R"({"base64":"AA==","b":1})", R"({"avro":1})",
                            R"({"avro":{"a":null}})", "[null]", "5"}) {
    EXPECT_EQ(line_of(datum), datum);
    const LinePayload payload = line_payload(*json::parse(datum));
    EXPECT_EQ(payload.json, datum);
    EXPECT_FALSE(payload.is_datum);
  }
}

TEST(LinePayload, ADatumThatLooksLikeBytesOrNothingIsNamed) {
  EXPECT_EQ(line_of("null"), R"({"avro":null})");
  EXPECT_EQ(line_of(R"({"base64":"AA=="})"), R"({"avro":{"base64":"AA=="}})");
  EXPECT_EQ(line_of("null", "json"), R"({"json":null})");
  EXPECT_EQ(line_of(R"({"avro":{"json":null}})"), R"({"avro":{"avro":{"json":null}}})");
  for (const char* datum : {"null", R"({"base64":"AA=="})", R"({"avro":null})", R"({"json":{"avro":null}})"}) {
    const LinePayload payload = line_payload(*json::parse(line_of(datum)));
    EXPECT_EQ(payload.json, datum);
    EXPECT_TRUE(payload.is_datum);
  }
}

}  // namespace
}  // namespace omashu::cli
