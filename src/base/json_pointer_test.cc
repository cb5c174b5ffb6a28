#include "base/json_pointer.h"

#include <gtest/gtest.h>

namespace omashu::json {
namespace {

constexpr std::string_view kText = R"({
  "fields": [
    {"name": "a"},
    {"name": "b", "type": "int"}
  ]
})";

TEST(JsonPointer, FindsThePlaceOfAValue) {
  const TextPosition place = position_of_pointer(kText, "/fields/1/type");
  EXPECT_EQ(place.line, 4u);
  EXPECT_EQ(place.column, 27u);
}

TEST(JsonPointer, GoesAsFarAsTheTextDoes) {
  EXPECT_EQ(position_of_pointer(kText, "/fields/1/type/items").line, 4u);
  EXPECT_EQ(position_of_pointer(kText, "/fields/9").line, 2u);
  EXPECT_EQ(position_of_pointer(kText, "").line, 1u);
  EXPECT_EQ(position_of_pointer("{", "/a").line, TextPosition().line);
}

}  // namespace
}  // namespace omashu::json
