#include "http/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::http {
namespace {

using ::testing::ElementsAre;

TEST(Request, IsTakenApart) {
  const Request request = {.target = "/a%2Fb/c?x=1&y=a+b%26&x=2&z&=7", .fields = {{"host", "h"}, {"host", "i"}}};
  EXPECT_EQ(request.path(), "/a%2Fb/c");
  EXPECT_EQ(request.query_value("x"), "1");
  EXPECT_EQ(request.query_value("y"), "a b&");
  EXPECT_EQ(request.query_value("z"), "");
  EXPECT_EQ(request.query_value("w"), std::nullopt);
  EXPECT_THAT(request.query_values("x"), ElementsAre("1", "2"));
  EXPECT_EQ(request.field("host"), "h");
  EXPECT_EQ(request.field("accept"), "");
  EXPECT_EQ(Request{.target = "/"}.query(), "");
  EXPECT_EQ(Request{.target = "/?x=%2"}.query_value("x"), std::nullopt);
}

TEST(PercentDecoding, TakesNothingElse) {
  EXPECT_EQ(percent_decoded("a%2Fb%2fc%00", false), std::string("a/b/c\0", 6));
  EXPECT_EQ(percent_decoded("a+b", false), "a+b");
  EXPECT_EQ(percent_decoded("a+b", true), "a b");
  for (const char* wrong : {"%", "%2", "%2g", "%g2", "a%"}) EXPECT_EQ(percent_decoded(wrong, false), std::nullopt);
}

}  // namespace
}  // namespace omashu::http
