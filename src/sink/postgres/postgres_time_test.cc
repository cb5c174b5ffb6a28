#include "sink/postgres/postgres_time.h"

#include <gtest/gtest.h>

namespace omashu::sink::postgres {
namespace {

using avro::LogicalType;

std::string timestamp_text(LogicalType type, int64_t value) {
  std::string text;
  const auto appended = append_timestamp_text(type, value, text);
  return appended ? text : appended.error().message;
}

std::string date_text(int64_t days) {
  std::string text;
  const auto appended = append_date_text(days, text);
  return appended ? text : appended.error().message;
}

TEST(PostgresTime, CountsFrom2000) {
  EXPECT_EQ(postgres_date(10'957), 0);
  EXPECT_EQ(postgres_timestamp_of_ms(946'684'800'001), 1'000);
  EXPECT_EQ(postgres_timestamp(LogicalType::kTimestampMicros, 0), -946'684'800'000'000);
  EXPECT_EQ(postgres_time(LogicalType::kTimeMillis, 86'400'000), 86'400'000'000);
}

TEST(PostgresTime, EndsWherePostgresDoes) {
  EXPECT_TRUE(postgres_date(-2'440'588));
  EXPECT_FALSE(postgres_date(-2'440'589));
  EXPECT_TRUE(postgres_date(2'145'042'905));
  EXPECT_FALSE(postgres_date(2'145'042'906));
  EXPECT_TRUE(postgres_timestamp(LogicalType::kTimestampMicros, -210'866'803'200'000'000));
  EXPECT_FALSE(postgres_timestamp(LogicalType::kTimestampMicros, -210'866'803'200'000'001));
  EXPECT_TRUE(postgres_timestamp(LogicalType::kTimestampMicros, INT64_MAX));
  EXPECT_FALSE(postgres_timestamp_of_ms(INT64_MAX));
  EXPECT_FALSE(postgres_time(LogicalType::kTimeMicros, -1));
  EXPECT_FALSE(postgres_time(LogicalType::kTimeMicros, 86'400'000'001));
  EXPECT_FALSE(postgres_interval(std::string("\xff\xff\xff\xff\0\0\0\0\0\0\0\0", 12)));
}

TEST(PostgresTime, WritesYearsAsPostgresReadsThem) {
  EXPECT_EQ(date_text(19'782), "2024-02-29");
  EXPECT_EQ(date_text(-719'528), "0001-01-01 BC");
  EXPECT_EQ(date_text(-735'599), "0045-01-01 BC");
  EXPECT_EQ(date_text(3'000'000), "10183-09-21");
  EXPECT_EQ(timestamp_text(LogicalType::kTimestampMillis, 1), "1970-01-01T00:00:00.001Z");
  EXPECT_EQ(timestamp_text(LogicalType::kLocalTimestampMicros, -62'167'219'200'000'000),
            "0001-01-01T00:00:00.000000 BC");
}

}  // namespace
}  // namespace omashu::sink::postgres
