#include "sink/dynamodb/number_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace omashu::sink::dynamodb {
namespace {

using ::testing::HasSubstr;

TEST(NumberText, ThirtyEightDigitsFitWhereverThePointIs) {
  const std::string nines(38, '9');
  for (const std::string& text :
       {nines, "-" + nines, "0." + nines, nines + "000", "000" + nines + ".000", "9." + std::string(37, '9') + "E+125",
        std::string("1E-130"), std::string("0"), std::string("-0.0"), std::string("0E999999999"), std::string("+5"),
        std::to_string(INT64_MIN), std::string("5.0"), std::string("1.7976931348623157E108")}) {
    EXPECT_TRUE(number_size(text).has_value()) << text;
  }
}

TEST(NumberText, WhatWouldBeRoundedIsRefused) {
  const Result<size_t> size = number_size(std::string(39, '9'));
  ASSERT_FALSE(size.has_value());
  EXPECT_THAT(size.error().message, HasSubstr("39 significant digits"));
  EXPECT_TRUE(number_size("1." + std::string(36, '0') + "1").has_value());
  EXPECT_FALSE(number_size("1." + std::string(37, '0') + "1").has_value());
}

TEST(NumberText, WhatIsTooLargeOrTooSmallIsRefused) {
  for (const char* text : {"1E126", "1E-131", "-1E126", "1.7976931348623157E308", "1E999999999999999999999"}) {
    EXPECT_FALSE(number_size(text).has_value()) << text;
  }
}

TEST(NumberText, WhatIsNoNumberIsRefused) {
  for (const char* text : {"", "-", ".", "1.2.3", "NaN", "Infinity", "1e", "1e+", "0x1", "1 ", "--1", "1e1.5"}) {
    EXPECT_FALSE(number_size(text).has_value()) << text;
  }
}

TEST(NumberText, TwoDigitsAreAByte) {
  EXPECT_EQ(number_size("0").value(), 1u);
  EXPECT_EQ(number_size("12").value(), 2u);
  EXPECT_EQ(number_size("-123").value(), 4u);
}

}  // namespace
}  // namespace omashu::sink::dynamodb
