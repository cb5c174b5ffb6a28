#include "omashu/json_field.h"

#include <gtest/gtest.h>

namespace omashu {
namespace {

TEST(JsonField, FindsValuesByTheirPath) {
  const std::string json = R"({"id":"a\"ü","source":{"url":"u","n":1.50},"list":[1,2],"none":null,"yes":true})";
  EXPECT_EQ(json_field(json, "id"), "a\"ü");
  EXPECT_EQ(json_field(json, "source.url"), "u");
  EXPECT_EQ(json_field(json, "source.n"), "1.50");
  EXPECT_EQ(json_field(json, "list"), "[1,2]");
  EXPECT_EQ(json_field(json, "yes"), "true");
  for (const char* path : {"none", "other", "source.other", "id.x", ""}) EXPECT_FALSE(json_field(json, path)) << path;
  EXPECT_FALSE(json_field("{", "id"));
}

TEST(JsonField, TextIsQuoted) {
  EXPECT_EQ(json_text("a\"\n"), R"("a\"\n")");
  EXPECT_EQ(json_text("\xff!"), "\"\xef\xbf\xbd!\"");
}

}  // namespace
}  // namespace omashu
