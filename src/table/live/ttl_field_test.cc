#include "table/live/ttl_field.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::table {
namespace {

using std::chrono::hours;
using ::testing::HasSubstr;

constexpr const char* kSchema = R"({"type":"record","name":"V","fields":[
  {"name":"status","type":"string"},{"name":"millis","type":{"type":"long","logicalType":"timestamp-millis"}},
  {"name":"micros","type":{"type":"long","logicalType":"timestamp-micros"}},
  {"name":"day","type":["null",{"type":"int","logicalType":"date"}]},{"name":"plain","type":"long"}]})";

class TtlFieldTest : public ::testing::Test {
 protected:
  // With an hour to live, of a value whose datum is given as bytes.
  std::optional<int64_t> expires(const std::string& field, const std::string& datum) {
    const avro::Schema schema = *avro::Schema::parse(kSchema);
    const auto ttl = TtlField::open({.duration = hours(1), .field = field}, {.key = {}, .value = schema});
    EXPECT_TRUE(ttl) << ttl.error().message;
    const auto decoder = avro::GenericDecoder::compile(schema);
    avro::Arena arena;
    const auto value = decoder->decode(datum, arena);
    EXPECT_TRUE(value);
    return ttl->expires_ms({.datum = &*value}, 5);
  }
  static constexpr int64_t kHour = 3'600'000;
};

// status "", millis 10, micros 4000, day 2 or null, plain 7
const std::string kDatum("\x00\x14\xc0\x3e\x02\x04\x0e", 7), kDatumWithoutDay("\x00\x14\xc0\x3e\x00\x0e", 6);

TEST_F(TtlFieldTest, CountsFromTheTimeOfAField) {
  EXPECT_EQ(expires("millis", kDatum), 10 + kHour);
  EXPECT_EQ(expires("micros", kDatum), 4 + kHour);
  EXPECT_EQ(expires("day", kDatum), 2 * 24 * kHour + kHour);
  EXPECT_EQ(expires("plain", kDatum), 7 + kHour);
  EXPECT_EQ(expires("day", kDatumWithoutDay), std::nullopt);
}

TEST_F(TtlFieldTest, CountsFromTheTimeOfTheRecordWhereThereIsNoField) {
  const auto ttl = TtlField::open({.duration = hours(1)}, {});
  EXPECT_EQ(ttl->expires_ms({}, 5), 5 + kHour);
  EXPECT_EQ(ttl->expires_ms({}, -1), std::nullopt);
  EXPECT_EQ(ttl->expires_ms({}, INT64_MAX - 1), std::nullopt);
}

TEST_F(TtlFieldTest, ReadsNumbersAndTimesOfJson) {
  const auto ttl = TtlField::open({.duration = hours(1), .field = "at"}, {});
  for (const auto& [text, wanted] :
       std::map<std::string, std::optional<int64_t>>{{R"({"at":12})", 12 + kHour},
                                                     {R"({"at":"1970-01-01T00:00:01Z"})", 1'000 + kHour},
                                                     {R"({"at":"soon"})", std::nullopt},
                                                     {R"({"at":true})", std::nullopt},
                                                     {R"({})", std::nullopt}}) {
    const auto value = json::parse(text);
    EXPECT_EQ(ttl->expires_ms({.json = &*value}, 5), wanted) << text;
  }
}

TEST_F(TtlFieldTest, AFieldThatIsNoTimeIsRefused) {
  const FilterSchemas schemas{.key = {}, .value = *avro::Schema::parse(kSchema)};
  EXPECT_THAT(TtlField::open({.duration = hours(1), .field = "status"}, schemas).error().message,
              HasSubstr("status is no time"));
  EXPECT_THAT(TtlField::open({.duration = hours(1), .field = "milis"}, schemas).error().message, HasSubstr("millis"));
}

}  // namespace
}  // namespace omashu::table
