#include "avro/logical_text.h"

#include <gtest/gtest.h>

#include <limits>

#include "avro/decimal_text.h"

namespace omashu::avro {
namespace {

std::string timestamp(int64_t value, TimeUnit unit, bool local = false) {
  char buffer[kMaxLogicalText];
  return {buffer, write_timestamp(buffer, value, unit, local)};
}

std::string date(int32_t days) {
  char buffer[kMaxLogicalText];
  return {buffer, write_date(buffer, days)};
}

TEST(LogicalText, WritesDates) {
  EXPECT_EQ(date(0), "1970-01-01");
  EXPECT_EQ(date(-1), "1969-12-31");
  EXPECT_EQ(date(11016), "2000-02-29");
  EXPECT_EQ(date(-719528), "0000-01-01");
  EXPECT_EQ(date(-719529), "-0001-12-31");
  EXPECT_EQ(date(2932897), "+10000-01-01");
}

TEST(LogicalText, DatesComeBack) {
  for (int64_t days = std::numeric_limits<int32_t>::min(); days <= std::numeric_limits<int32_t>::max();
       days += 1'000'003) {
    const auto value = static_cast<int32_t>(days);
    EXPECT_EQ(parse_date(date(value)), value) << date(value);
  }
  EXPECT_EQ(parse_date(date(std::numeric_limits<int32_t>::max())), std::numeric_limits<int32_t>::max());
}

TEST(LogicalText, RefusesWhatIsNoDate) {
  for (const char* text :
       {"", "2024", "2024-2-29", "2023-02-29", "2100-02-29", "2024-13-01", "2024-00-01", "2024-01-32", "2024-01-00",
        "20240-01-01", "2024-01-01 ", "2024-01-01T", "24-01-01", "+99999999999-01-01", "+999999999-01-01"}) {
    EXPECT_FALSE(parse_date(text)) << text;
  }
}

TEST(LogicalText, WritesTimesOfDay) {
  char buffer[kMaxLogicalText];
  EXPECT_EQ(std::string(buffer, write_time(buffer, 86'399'999, TimeUnit::kMillis)), "23:59:59.999");
  EXPECT_EQ(std::string(buffer, write_time(buffer, 1, TimeUnit::kMicros)), "00:00:00.000001");
  EXPECT_EQ(write_time(buffer, 86'400'000, TimeUnit::kMillis), nullptr);
  EXPECT_EQ(write_time(buffer, -1, TimeUnit::kMillis), nullptr);
  EXPECT_EQ(parse_time("23:59", TimeUnit::kMillis), 86'340'000);
  EXPECT_EQ(parse_time("23:59:59.9", TimeUnit::kMillis), 86'399'900);
  EXPECT_EQ(parse_time("23:59:59.999000", TimeUnit::kMillis), 86'399'999);
  EXPECT_FALSE(parse_time("24:00:00", TimeUnit::kMillis));
  EXPECT_FALSE(parse_time("23:60:00", TimeUnit::kMillis));
  EXPECT_EQ(parse_time("23:59:59.9991", TimeUnit::kMillis).error().message,
            "this time holds 3 decimals of a second: write no more");
}

TEST(LogicalText, WritesTimestamps) {
  EXPECT_EQ(timestamp(1'709'251'199'999, TimeUnit::kMillis), "2024-02-29T23:59:59.999Z");
  EXPECT_EQ(timestamp(-1, TimeUnit::kMicros, true), "1969-12-31T23:59:59.999999");
  EXPECT_EQ(timestamp(std::numeric_limits<int64_t>::min(), TimeUnit::kNanos), "1677-09-21T00:12:43.145224192Z");
  EXPECT_EQ(timestamp(std::numeric_limits<int64_t>::max(), TimeUnit::kMillis), "+292278994-08-17T07:12:55.807Z");
}

TEST(LogicalText, TimestampsComeBack) {
  for (const TimeUnit unit : {TimeUnit::kMillis, TimeUnit::kMicros, TimeUnit::kNanos}) {
    for (const bool local : {false, true}) {
      for (const int64_t value :
           {std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::min() + 1, int64_t{-86'400'000},
            int64_t{-1}, int64_t{0}, int64_t{1}, int64_t{951'782'400'123}, std::numeric_limits<int64_t>::max()}) {
        EXPECT_EQ(parse_timestamp(timestamp(value, unit, local), unit, local), value);
      }
    }
  }
}

TEST(LogicalText, ReadsInstantsOfAnyZone) {
  EXPECT_EQ(parse_timestamp("1970-01-01T02:00:00+02:00", TimeUnit::kMillis, false), 0);
  EXPECT_EQ(parse_timestamp("1969-12-31t18:30-0530", TimeUnit::kMillis, false), 0);
  EXPECT_EQ(parse_timestamp("1970-01-01 00:00:00.5z", TimeUnit::kMicros, false), 500'000);
  EXPECT_FALSE(parse_timestamp("1970-01-01T00:00:00", TimeUnit::kMillis, false)) << "an instant needs a zone";
  EXPECT_FALSE(parse_timestamp("1970-01-01T00:00:00Z", TimeUnit::kMillis, true)) << "a local time has none";
  EXPECT_FALSE(parse_timestamp("3000-01-01T00:00:00Z", TimeUnit::kNanos, false)) << "beyond 64 bits of nanoseconds";
}

TEST(LogicalText, WritesAndReadsDurations) {
  const auto again = [](std::string_view text) -> std::string {
    const auto bytes = parse_duration(text);
    if (!bytes) return "error";
    char buffer[kMaxLogicalText];
    return {buffer, write_duration(buffer, {bytes->data(), bytes->size()})};
  };
  EXPECT_EQ(again("P1M2DT3.004S"), "P1M2DT3.004S");
  EXPECT_EQ(again("PT0S"), "PT0S");
  EXPECT_EQ(again("P1Y2M3W4DT5H6M7S"), "P14M25DT18367S");
  EXPECT_EQ(again("P4294967295M4294967295DT4294967.295S"), "P4294967295M4294967295DT4294967.295S");
  for (const char* text : {"", "P", "PT", "P1", "P1S", "PT1D", "P1D2M", "P4294967296D", "PT4294967.296S", "P1.5D",
                           "PT1.5M", "P1DT", "1D", "PT1.0001S", "P99999999999D"}) {
    EXPECT_EQ(again(text), "error") << text;
  }
}

TEST(LogicalText, WritesAndReadsUuids) {
  const auto bytes = parse_uuid("123E4567-e89b-12d3-a456-426614174000");
  ASSERT_TRUE(bytes);
  char buffer[kMaxLogicalText];
  EXPECT_EQ(std::string(buffer, write_uuid(buffer, {bytes->data(), 16})), "123e4567-e89b-12d3-a456-426614174000");
  for (const char* text : {"", "123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400",
                           "123e4567-e89b-12d3-a456-4266141740000", "123e4567-e89b-12d3-a456-42661417400g"}) {
    EXPECT_FALSE(parse_uuid(text)) << text;
  }
}

std::string decimal(std::string_view unscaled, int32_t scale) {
  std::string buffer(kMaxDecimalText, ' ');
  const char* end = write_decimal(buffer.data(), unscaled, scale);
  return end == nullptr ? "too long" : buffer.substr(0, static_cast<size_t>(end - buffer.data()));
}

TEST(DecimalText, PutsThePointWhereTheScaleSays) {
  EXPECT_EQ(decimal("\x04\xd2", 2), "12.34");
  EXPECT_EQ(decimal("\xfb\x2e", 2), "-12.34");
  EXPECT_EQ(decimal("\x05", 2), "0.05");
  EXPECT_EQ(decimal("\xfb", 3), "-0.005");
  EXPECT_EQ(decimal(std::string_view("\0", 1), 2), "0.00");
  EXPECT_EQ(decimal("", 0), "0");
  EXPECT_EQ(decimal("\x80", 0), "-128");
  EXPECT_EQ(decimal(std::string_view("\x80\0\0\0", 4), 0), "-2147483648");
  EXPECT_EQ(decimal(std::string_view("\x80\0\0\0\0\0\0\0", 8), 0), "-9223372036854775808");
  EXPECT_EQ(decimal("\xff\xff\xff\xff\xff", 0), "-1");
  EXPECT_EQ(decimal("\x0c", -5), "12E+5");
  EXPECT_EQ(decimal("\x0c", 4000), "12E-4000");
}

TEST(DecimalText, IsBounded) {
  EXPECT_EQ(decimal(std::string(kMaxDecimalBytes, '\x7f'), 3000).size(), 3002u);
  EXPECT_EQ(decimal("\x80" + std::string(kMaxDecimalBytes - 1, '\0'), 0).size(), 2467u);
  EXPECT_EQ(decimal(std::string(kMaxDecimalBytes + 1, '\x7f'), 0), "too long");
  EXPECT_EQ(decimal(std::string(100'000, '\0') + "\x01", 0), "1") << "sign extension does not count";
  EXPECT_FALSE(parse_decimal(std::string(3000, '9')));
  EXPECT_FALSE(parse_decimal("1E-99999999999"));
  EXPECT_FALSE(parse_decimal("1E2000000000", 2'000'000'000, 0));
}

TEST(DecimalText, ComesBack) {
  for (const char* text : {"0", "1", "-1", "127", "128", "-128", "-129", "255", "256", "12.34", "-0.005", "0.00",
                           "340282366920938463463374607431768211455", "-99999999999999999999999999999999.999999",
                           "12E+5", "1000000000", "999999999999999999"}) {
    const auto parsed = parse_decimal(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(decimal(parsed->unscaled, parsed->scale), text);
  }
  EXPECT_EQ(parse_decimal("128")->unscaled, std::string_view("\0\x80", 2));
  EXPECT_EQ(parse_decimal("-128")->unscaled, "\x80");
}

TEST(DecimalText, FitsASchema) {
  EXPECT_EQ(parse_decimal("12.3", 4, 2)->unscaled, "\x04\xce");
  EXPECT_EQ(parse_decimal("1.23e1", 4, 2)->unscaled, "\x04\xce");
  EXPECT_EQ(parse_decimal("12.300", 4, 2)->unscaled, "\x04\xce");
  EXPECT_EQ(parse_decimal("0.000", 4, 2)->unscaled, std::string_view("\0", 1));
  EXPECT_EQ(parse_decimal("12.345", 4, 2).error().message, "this decimal has 3 decimals, and its schema's scale is 2");
  EXPECT_EQ(parse_decimal("123.4", 4, 2).error().message,
            "this decimal needs 5 digits at scale 2, and its schema's precision is 4");
  for (const char* text : {"", "-", ".", "1.", "1.2.3", "1e", "e5", "0x1", "1 ", "NaN", "--1", "1,5"}) {
    EXPECT_FALSE(parse_decimal(text)) << text;
  }
}

TEST(DecimalText, BigDecimalsCarryTheirScale) {
  const std::string bytes = join_big_decimal(*parse_decimal("12.34"));
  EXPECT_EQ(bytes, "\x04\x04\xd2\x04");
  std::string_view unscaled;
  int32_t scale = 0;
  ASSERT_TRUE(split_big_decimal(bytes, unscaled, scale));
  EXPECT_EQ(decimal(unscaled, scale), "12.34");
  EXPECT_FALSE(split_big_decimal("", unscaled, scale));
  EXPECT_FALSE(split_big_decimal("\x04\x04\xd2", unscaled, scale));
  EXPECT_FALSE(split_big_decimal("\x04\x04\xd2\x04\x04", unscaled, scale));
}

TEST(LogicalText, EveryDayOfSomeCenturiesComesBack) {
  const auto check = [](int32_t days) {
    char buffer[kMaxLogicalText];
    const std::string_view text(buffer, static_cast<size_t>(write_date(buffer, days) - buffer));
    ASSERT_EQ(*parse_date(text), days) << text;
  };
  for (int32_t days = -200'000; days < 100'000; ++days) check(days);
  for (int32_t days = -720'000; days < -718'000; ++days) check(days);    // around the year 0
  for (int32_t days = 2'932'000; days < 2'934'000; ++days) check(days);  // around the year 10,000
  for (int32_t days = -800'000; days < 3'000'000; days += 97) check(days);
}

}  // namespace
}  // namespace omashu::avro
