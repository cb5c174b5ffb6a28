#include "table/key_agreement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "avro/codec.h"

namespace omashu::table {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Side {
  std::string_view schema;
  std::string_view json;
};

// "" where they agree.
std::string checked(const Side& key, const Side& value) {
  const auto encoded = [](const Side& side) {
    std::string bytes;
    const auto done = avro::Encoder::compile(*avro::Schema::parse(side.schema))->from_json(side.json, bytes);
    EXPECT_TRUE(done) << (done ? "" : done.error().message);
    return bytes;
  };
  const auto agreement = KeyAgreement::make(*avro::Schema::parse(key.schema), *avro::Schema::parse(value.schema));
  EXPECT_TRUE(agreement);
  const auto disagreement = agreement->find(encoded(key), encoded(value));
  EXPECT_TRUE(disagreement) << disagreement.error().message;
  return *disagreement ? (*disagreement)->text() : "";
}

std::string record(std::string_view fields) {
  return R"({"type":"record","name":"R","fields":[)" + std::string(fields) + "]}";
}

TEST(KeyAgreement, FieldsOfOneNameMustBeEqual) {
  const std::string key = record(R"({"name":"omashuId","type":"string"})");
  const std::string value =
      record(R"({"name":"status","type":"string"},{"name":"omashuId","type":["null","string"],"default":null})");
  EXPECT_EQ(checked({key, R"({"omashuId":"om-1"})"}, {value, R"({"status":"A","omashuId":"om-1"})"}), "");
  EXPECT_EQ(checked({key, R"({"omashuId":"om-2"})"}, {value, R"({"status":"A","omashuId":"om-1"})"}),
            "the key has the omashuId 'om-2', and the value 'om-1': they must be equal");
  EXPECT_EQ(checked({key, R"({"omashuId":"om-2"})"}, {value, R"({"status":"A"})"}),
            "the key has the omashuId 'om-2', and the value 'null': they must be equal");
}

TEST(KeyAgreement, TypesMayDiffer) {
  const auto agree = [](std::string_view a, std::string_view x, std::string_view b, std::string_view y) {
    const auto field = [](std::string_view type) { return record(R"({"name":"f","type":)" + std::string(type) + "}"); };
    const auto datum = [](std::string_view json) { return R"({"f":)" + std::string(json) + "}"; };
    return checked({field(a), datum(x)}, {field(b), datum(y)}).empty();
  };
  EXPECT_TRUE(agree(R"("int")", "5", R"("long")", "5"));
  EXPECT_FALSE(agree(R"("int")", "5", R"("long")", "6"));
  EXPECT_TRUE(agree(R"("string")", R"("A")", R"({"type":"enum","name":"E","symbols":["A","B"]})", R"("A")"));
  EXPECT_FALSE(agree(R"("string")", R"("A")", R"({"type":"enum","name":"E","symbols":["A","B"]})", R"("B")"));
  EXPECT_TRUE(agree(R"({"type":"array","items":"int"})", "[1,2]", R"({"type":"array","items":"int"})", "[1,2]"));
  EXPECT_FALSE(agree(R"({"type":"array","items":"int"})", "[1,2]", R"({"type":"array","items":"int"})", "[2,1]"));
  constexpr const char* kDecimal = R"({"type":"bytes","logicalType":"decimal","precision":9,"scale":2})";
  EXPECT_TRUE(agree(kDecimal, R"("1.50")", kDecimal, R"("1.50")"));
}

TEST(KeyAgreement, WithoutCommonNamesEverythingAgrees) {
  const auto agreement = KeyAgreement::make(*avro::Schema::parse("string"), *avro::Schema::parse(record("")));
  ASSERT_TRUE(agreement);
  EXPECT_THAT(agreement->fields(), IsEmpty());
  EXPECT_EQ(checked({"string", R"("om-2")"}, {record(R"({"name":"id","type":"string"})"), R"({"id":"om-1"})"}), "");
  const auto both =
      KeyAgreement::make(*avro::Schema::parse(record(R"({"name":"a","type":"int"},{"name":"b","type":"int"})")),
                         *avro::Schema::parse(record(R"({"name":"b","type":"int"},{"name":"c","type":"int"})")));
  EXPECT_THAT(both->fields(), ElementsAre("b"));
}

}  // namespace
}  // namespace omashu::table
