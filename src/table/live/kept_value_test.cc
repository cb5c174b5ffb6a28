#include "table/live/kept_value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::table {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::string_literals;

std::string kept(std::optional<int64_t> expires_ms, const std::vector<std::string>& index_values,
                 const std::string& stored_value) {
  std::string bytes;
  append_kept_value_start(expires_ms, index_values, bytes);
  return bytes + stored_value;
}

TEST(KeptValue, IsAStoredValueWithAFewBytesBefore) {
  EXPECT_EQ(kept(std::nullopt, {}, "\0v"s), "\0\0\0v"s);
  EXPECT_EQ(kept(300, {"ab", ""}, "\0v"s), "\x01\xac\x02\x02\x02"s + "ab\0\0v"s);
}

TEST(KeptValue, IsReadAsItWasWritten) {
  const std::string bytes = kept(1'700'000'000'000, {"QUEUED", "", std::string(300, 'x')}, "\0payload"s);
  const auto read = read_kept_value(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->expires_ms, 1'700'000'000'000);
  EXPECT_THAT(read->index_values, ElementsAre("QUEUED", "", std::string(300, 'x')));
  EXPECT_EQ(read->stored_value, "\0payload"s);
  EXPECT_FALSE(read->is_hidden());
}

TEST(KeptValue, OfAHiddenRowHasNothingButTheTime) {
  const std::string bytes = hidden_value(7);
  const auto read = read_kept_value(bytes);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->is_hidden());
  EXPECT_EQ(read->expires_ms, 7);
  EXPECT_THAT(read->index_values, IsEmpty());
}

TEST(KeptValue, EachPrefixIsAnErrorOrAShorterValue) {
  const std::string bytes = kept(std::nullopt, {"QUEUED", "x"}, "\0payload"s);
  const size_t start = bytes.size() - "\0payload"s.size();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(read_kept_value(bytes.substr(0, size)).has_value(), size > start) << size;
  }
}

TEST(KeptValue, NumbersThatNobodyWroteAreErrors) {
  for (const std::string& bytes : {"\x02\x00v"s, "\x00\x7fv"s, "\x00\x01\x7fv"s, std::string(11, '\xff')}) {
    EXPECT_FALSE(read_kept_value(bytes));
  }
}

}  // namespace
}  // namespace omashu::table
