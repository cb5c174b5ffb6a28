#include "avro/schema_lint.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "avro/schema.h"

namespace omashu::avro {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

// All of these are schemas.
std::vector<std::string> warnings_of(std::string_view text) {
  EXPECT_TRUE(Schema::parse(text)) << text;
  std::vector<std::string> warnings;
  for (const Error& warning : lint_schema(text)) {
    warnings.push_back(fmt::format("{}:{}: {}", warning.position->line, warning.position->column, warning.message));
  }
  return warnings;
}

TEST(SchemaLint, ALogicalTypeBesideTheTypeOfAField) {
  EXPECT_THAT(warnings_of(R"({"type":"record","name":"R","fields":[
{"name":"at","type":"long","logicalType":"timestamp-millis"}]})"),
              ElementsAre("2:28: \"logicalType\" stands beside the type of the field at, where nothing reads it: write "
                          "it inside, \"type\": {\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}"));
  EXPECT_THAT(warnings_of(R"({"type":"record","name":"R","fields":[
{"name":"at","type":["null","long"],"logicalType":"timestamp-millis"}]})"),
              ElementsAre("2:37: \"logicalType\" stands beside the type of the field at, where nothing reads it: write "
                          "it inside the branch of the union that it is of"));
  EXPECT_THAT(warnings_of(R"({"type":"record","name":"R","fields":[
{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}}]})"),
              IsEmpty());
}

TEST(SchemaLint, ADecimalThatIsNone) {
  const auto decimal = [](const std::string& rest) {
    return warnings_of(R"({"type":"bytes","logicalType":"decimal")" + rest + "}");
  };
  EXPECT_THAT(decimal(R"(,"precision":4,"scale":2)"), IsEmpty());
  EXPECT_THAT(decimal(R"(,"precision":2,"scale":4)"),
              ElementsAre("1:31: the logicalType decimal means nothing here: its scale, 4, is above its precision, 2"));
  EXPECT_THAT(decimal(""), ElementsAre("1:31: the logicalType decimal means nothing here: it needs a \"precision\", "
                                       "the number of its digits"));
  EXPECT_THAT(warnings_of(R"({"type":"fixed","name":"F","size":2,"logicalType":"decimal","precision":9})"),
              ElementsAre("1:51: the logicalType decimal means nothing here: 2 bytes hold 4 digits, and its precision "
                          "is 9"));
}

TEST(SchemaLint, ALogicalTypeThatIsUnknownOrElsewhere) {
  EXPECT_THAT(warnings_of(R"({"type":"long","logicalType":"timestamp-milis"})"),
              ElementsAre("1:30: unknown logicalType 'timestamp-milis': did you mean timestamp-millis?"));
  EXPECT_THAT(warnings_of(R"({"type":"long","logicalType":"our-own-thing"})"),
              ElementsAre("1:30: unknown logicalType 'our-own-thing'"));
  EXPECT_THAT(warnings_of(R"({"type":"long","logicalType":"date"})"),
              ElementsAre("1:30: the logicalType date goes with int, and means nothing with this long"));
  EXPECT_THAT(warnings_of(R"(["null",{"type":"array","items":{"type":"string","logicalType":"uiid"}}])"),
              ElementsAre(StartsWith("1:64: unknown logicalType 'uiid': did you mean uuid?")));
}

TEST(SchemaLint, AnAttributeThatIsNearlyOneOfAvros) {
  EXPECT_THAT(warnings_of(R"({"type":"record","name":"R","namespce":"a","fields":[
{"name":"x","type":"int","defualt":1,"unit":"s"}],"pii":true})"),
              ElementsAre("1:29: the attribute 'namespce' means nothing to Avro: did you mean \"namespace\"?",
                          "2:26: the attribute 'defualt' means nothing to Avro: did you mean \"default\"?"));
}

TEST(SchemaLint, TransitionsOfAnEnumThatAreMisspelt) {
  EXPECT_THAT(warnings_of(R"({"type":"enum","name":"E","symbols":["A"],"transition":{"A":[]}})"),
              ElementsAre("1:43: the attribute 'transition' means nothing to Avro: did you mean \"transitions\"?"));
  EXPECT_THAT(warnings_of(R"({"type":"enum","name":"E","symbols":["A"],"transitions":{"A":[]}})"), IsEmpty());
}

}  // namespace
}  // namespace omashu::avro
