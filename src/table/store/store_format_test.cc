#include "table/store/store_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "table/store/table_store.h"

namespace omashu::table {
namespace {

using namespace std::string_literals;

std::string entry(std::string_view value, std::string_view key) {
  std::string bytes;
  append_index_entry(bytes, 3, value, key);
  return bytes;
}

TEST(StoreFormat, AnIndexEntryIsItsPrefixTheEscapedValueAndTheKey) {
  EXPECT_EQ(entry("a\0b"s, "k"),
            "i\x03"
            "a\0\xff"
            "b\0\x01"
            "k"s);
  EXPECT_EQ(entry("", ""), "i\x03\0\x01"s);
}

TEST(StoreFormat, AnIndexEntryIsTakenApartAsItWasMade) {
  for (const std::string& value : {""s, "\0"s, "\0\0"s, "\xff\0\x01"s, "RUNNING"s}) {
    for (const std::string& key : {""s, "\0\x01"s, "\"om-1\""s}) {
      const std::string bytes = entry(value, key);
      const auto parsed = parse_index_entry(bytes);
      ASSERT_TRUE(parsed);
      EXPECT_EQ(parsed->value, value);
      EXPECT_EQ(parsed->key, key);
    }
  }
}

TEST(StoreFormat, BytesThatAreNoIndexEntryAreNone) {
  const std::string bytes = entry("a\0"s, "");
  for (size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(parse_index_entry(bytes.substr(0, size))) << size;
  EXPECT_FALSE(parse_index_entry("i\x03\0\x02"s));
  EXPECT_FALSE(parse_index_entry("r\x03\0\x01"s));
}

// Short texts of few bytes, among them those that escaping treats.
std::string random_text(std::mt19937& random) {
  std::string text;
  for (size_t i = random() % 5; i > 0; --i) text += "\0\x01\xfe\xff"[random() % 4];
  return text;
}

TEST(StoreFormat, EntriesLieInTheOrderOfValuesAndThenOfKeys) {
  std::mt19937 random(1);
  for (int round = 0; round < 100'000; ++round) {
    const std::pair a(random_text(random), random_text(random)), b(random_text(random), random_text(random));
    ASSERT_EQ(entry(a.first, a.second) < entry(b.first, b.second), a < b);
  }
}

TEST(StoreFormat, BoundsOfARangeHoldItsEntriesAndNoOthers) {
  std::mt19937 random(2);
  for (int round = 0; round < 100'000; ++round) {
    const Range range{.from = random_text(random), .to = random_text(random)};
    const std::string value = random_text(random), bytes = entry(value, random_text(random));
    const KeyBounds bounds = index_bounds(3, range);
    const bool is_in = value >= range.from && (range.to.empty() || value < range.to);
    ASSERT_EQ(bytes >= bounds.from && bytes < bounds.to, is_in);
  }
}

TEST(StoreFormat, CountersAndPositionsAreReadAsTheyWereWritten) {
  for (const int64_t value : {int64_t{0}, int64_t{-1}, INT64_MAX, INT64_MIN}) {
    EXPECT_EQ(decode_counter(encode_counter(value)), value);
  }
  EXPECT_EQ(encode_counter(258), "\x02\x01\0\0\0\0\0\0"s);
  EXPECT_EQ(decode_counter("1234567"), std::nullopt);
  EXPECT_EQ(next_offset_key(258), "p\0\0\x01\x02"s);
  EXPECT_EQ(parse_next_offset_key(next_offset_key(258)), 258);
  EXPECT_EQ(parse_next_offset_key("p\0\0\x01"s), std::nullopt);
}

}  // namespace
}  // namespace omashu::table
