#include "service/row_answer.h"

#include <gtest/gtest.h>

namespace omashu::service {
namespace {

TEST(RowAnswer, EntityTagsAreAList) {
  EXPECT_TRUE(has_entity_tag(R"("t-0-1")", R"("t-0-1")"));
  EXPECT_TRUE(has_entity_tag(R"("t-0-2", W/"t-0-1" )", R"("t-0-1")"));
  EXPECT_TRUE(has_entity_tag("*", R"("t-0-1")"));
  EXPECT_FALSE(has_entity_tag("", R"("t-0-1")"));
  EXPECT_FALSE(has_entity_tag(R"("t-0-11",,t-0-1)", R"("t-0-1")"));
}

TEST(RowAnswer, ATimeIsADateOfHttp) {
  EXPECT_EQ(http_date(784111777'123), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(-1), "");
  EXPECT_EQ(http_date(INT64_MAX), "");
}

}  // namespace
}  // namespace omashu::service
