#include "table/decimal_number.h"

#include <gtest/gtest.h>

#include <random>

namespace omashu::table {
namespace {

DecimalNumber number(int64_t unscaled, int64_t scale) {
  DecimalNumber number = decimal_number(unscaled);
  number.scale = scale;
  return number;
}

std::string sum(const DecimalNumber& a, const DecimalNumber& b) { return to_text(add(a, b)); }

TEST(DecimalNumber, IsText) {
  EXPECT_EQ(to_text(number(150, 2)), "1.50");
  EXPECT_EQ(to_text(number(-5, 2)), "-0.05");
  EXPECT_EQ(to_text(number(0, 2)), "0.00");
  EXPECT_EQ(to_text(number(0, 0)), "0");
  EXPECT_EQ(to_text(number(12, -3)), "12000");
  EXPECT_EQ(to_text(number(INT64_MIN, 0)), "-9223372036854775808");
}

TEST(DecimalNumber, AddsExactly) {
  EXPECT_EQ(sum(number(150, 2), number(5, 1)), "2.00");
  EXPECT_EQ(sum(number(150, 2), number(-151, 2)), "-0.01");
  EXPECT_EQ(sum(number(-150, 2), number(150, 2)), "0.00");
  EXPECT_EQ(sum(number(INT64_MAX, 0), number(INT64_MAX, 0)), "18446744073709551614");
  EXPECT_EQ(sum(number(1, -3), number(1, 3)), "1000.001");
  EXPECT_EQ(sum(number(0, 0), number(-7, 0)), "-7");
  std::mt19937 random(5);
  for (int i = 0; i < 1'000; ++i) {
    const auto a = static_cast<int64_t>(random()) - INT32_MAX, b = static_cast<int64_t>(random()) - INT32_MAX;
    ASSERT_EQ(sum(number(a, 0), number(b, 0)), std::to_string(a + b)) << a << " " << b;
    ASSERT_EQ(compare(number(a, 0), number(b, 0)), a <=> b);
  }
}

TEST(DecimalNumber, DividesToSixDecimalsMore) {
  EXPECT_EQ(to_text(divide(number(5, 0), 2)), "2.5");
  EXPECT_EQ(to_text(divide(number(4, 0), 2)), "2");
  EXPECT_EQ(to_text(divide(number(10, 0), 3)), "3.333333");
  EXPECT_EQ(to_text(divide(number(-20, 0), 3)), "-6.666667");
  EXPECT_EQ(to_text(divide(number(150, 2), 1)), "1.50");
  EXPECT_EQ(to_text(divide(number(0, 2), 7)), "0.00");
  EXPECT_EQ(to_text(divide(number(1, 0), 1'000'000'000)), "0");
  EXPECT_EQ(to_text(divide(number(1, -1), 4)), "2.5");
}

TEST(DecimalNumber, ComparesAcrossScales) {
  EXPECT_EQ(compare(number(150, 2), number(15, 1)), std::strong_ordering::equal);
  EXPECT_EQ(compare(number(1, -3), number(999, 0)), std::strong_ordering::greater);
  EXPECT_EQ(compare(number(-1, -3), number(1, 9)), std::strong_ordering::less);
  EXPECT_EQ(compare(number(0, 5), number(0, 0)), std::strong_ordering::equal);
}

}  // namespace
}  // namespace omashu::table
