#include "table/store/ordered_bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "table/typed_operand.h"

namespace omashu::table {
namespace {

using namespace std::string_literals;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(OrderedBytes, SmallNumbersAreShort) {
  EXPECT_EQ(ordered_number(int64_t{0}), "\x10\x80"s);
  EXPECT_EQ(ordered_number(int64_t{1}), "\x10\xbf\xf0"s);
  EXPECT_EQ(ordered_number(-0.0), ordered_number(0.0));
  EXPECT_EQ(ordered_number(int64_t{20}), ordered_number(20.0));
}

// Numbers near those at which the precision of a double changes, and any others.
int64_t random_integer(std::mt19937_64& random) {
  const uint64_t bits = random();
  switch (bits % 3) {
    case 0: return static_cast<int64_t>(bits);
    case 1: return static_cast<int64_t>((uint64_t{1} << (bits >> 8) % 64) + (bits >> 20) % 5 - 2);
    default: return static_cast<int64_t>((bits >> 8) % 7) - 3;
  }
}

double random_real(std::mt19937_64& random) {
  const uint64_t bits = random();
  const auto whole = static_cast<double>(random_integer(random));
  switch (bits % 4) {
    case 0: return std::bit_cast<double>(random());
    case 1: return whole;
    case 2: return std::nextafter(whole, kInfinity);
    default: return (bits & 8) != 0 ? kInfinity : -kInfinity;
  }
}

TEST(OrderedBytes, IntegersAndRealsLieInOneExactOrder) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 200'000; ++round) {
    const int64_t a = random_integer(random), b = random_integer(random);
    ASSERT_EQ(ordered_number(a) <=> ordered_number(b), a <=> b) << a << " " << b;
    const double x = random_real(random), y = random_real(random);
    if (std::isnan(x) || std::isnan(y)) continue;
    ASSERT_EQ(std::partial_ordering(ordered_number(x) <=> ordered_number(y)), x <=> y) << x << " " << y;
    ASSERT_EQ(std::partial_ordering(ordered_number(a) <=> ordered_number(x)), compare_numbers(a, x)) << a << " " << x;
  }
}

TEST(OrderedBytes, NaNLiesBehindAllNumbers) {
  EXPECT_GT(ordered_number(std::nan("")), ordered_number(kInfinity));
  EXPECT_EQ(ordered_number(std::bit_cast<double>(0xfff8'0000'0000'0001)), ordered_number(std::nan("")));
  EXPECT_LT(ordered_number(std::nan("")), end_of(OrderedKind::kNumber));
}

TEST(OrderedBytes, NumbersAreReadAsTheyWereWritten) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 10'000; ++round) {
    const int64_t whole = random_integer(random);
    const auto read = read_ordered_number(ordered_number(whole));
    ASSERT_TRUE(read);
    ASSERT_EQ(static_cast<int64_t>(read->floor) + read->rest, whole);
    const double real = random_real(random);
    if (std::isnan(real)) continue;
    const auto read_real = read_ordered_number(ordered_number(real));
    ASSERT_TRUE(read_real);
    ASSERT_EQ(read_real->floor, real);
    ASSERT_EQ(read_real->rest, 0);
  }
  EXPECT_FALSE(
      read_ordered_number("\x10"
                          "01234567890"s));
  EXPECT_FALSE(read_ordered_number("\x20"s));
}

DecimalNumber random_decimal(std::mt19937_64& random) {
  DecimalNumber number{.is_negative = random() % 2 == 0, .digits = "", .scale = static_cast<int64_t>(random() % 7) - 3};
  for (size_t i = random() % 5; i > 0; --i) number.digits += static_cast<char>('0' + random() % 3);
  number.digits.erase(0, std::min(number.digits.find_first_not_of('0'), number.digits.size()));
  if (random() % 8 == 0) number.scale = static_cast<int32_t>(random());
  return number;
}

TEST(OrderedBytes, DecimalsLieInTheirOrderAndAreReadAsTheyWereWritten) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 200'000; ++round) {
    const DecimalNumber a = random_decimal(random), b = random_decimal(random);
    ASSERT_EQ(ordered_decimal(a) <=> ordered_decimal(b), compare(a, b)) << to_text(a) << " " << to_text(b);
    const auto read = read_ordered_decimal(ordered_decimal(a));
    ASSERT_TRUE(read);
    ASSERT_EQ(compare(*read, a), std::strong_ordering::equal);
  }
}

TEST(OrderedBytes, LongValuesAreCutInOrder) {
  const std::string text(2'000, 'x');
  const std::string cut = ordered_bytes(OrderedKind::kText, text);
  EXPECT_EQ(cut.size(), kMaxOrderedBytes + 1);
  EXPECT_TRUE(is_cut(cut));
  EXPECT_FALSE(is_cut(ordered_bytes(OrderedKind::kText, text.substr(0, kMaxOrderedBytes - 1))));
  EXPECT_EQ(cut, ordered_bytes(OrderedKind::kText, text + "y"));
  EXPECT_LT(ordered_bytes(OrderedKind::kText, text.substr(0, 100)), cut);
  DecimalNumber number{.is_negative = true, .digits = std::string(2'400, '7'), .scale = 0};
  EXPECT_TRUE(is_cut(ordered_decimal(number)));
  EXPECT_TRUE(read_ordered_decimal(ordered_decimal(number)));
}

TEST(OrderedBytes, BytesThatAreNoValueAreNone) {
  EXPECT_FALSE(kind_of(""));
  EXPECT_FALSE(kind_of("\x7f"));
  for (const std::string& bytes :
       {"\x20"s, "\x20\x03"s, "\x20\x01x"s, "\x20\x02"s, "\x20\x02\x80"s, "\x20\x02\x80\xff"s, "\x20\x02\x80\x00"s,
        "\x20\x02\x89"
        "123456789"s,
        "\x20\x02\x81"s, "\x20\x00"s, "\x20\x02\x88\xff\xff\xff\xff\xff\xff\xff\xff\x02"s}) {
    EXPECT_FALSE(read_ordered_decimal(bytes)) << testing::PrintToString(bytes);
  }
}

}  // namespace
}  // namespace omashu::table
