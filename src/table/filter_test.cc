#include "table/filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::table {
namespace {

constexpr std::string_view kValue =
    R"({"status":"FAILED","attempt":3,"ratio":0.50,"ok":false,"reason":null,)"
    R"("source":{"url":"http://x/a=b","sha256":null},"tags":["a","b"],"parts":[{"n":1},{"n":2}],"text":"null"})";

bool matches(std::vector<std::string> conditions) {
  const auto filter = Filter::parse(conditions);
  EXPECT_TRUE(filter);
  return filter && filter->matches(kValue);
}

TEST(Filter, ComparesByKind) {
  EXPECT_TRUE(matches({"status=FAILED"}));
  EXPECT_FALSE(matches({"status=failed"}));
  EXPECT_TRUE(matches({"attempt=3"}));
  EXPECT_TRUE(matches({"attempt=3.0"}));
  EXPECT_FALSE(matches({"attempt=30"}));
  EXPECT_TRUE(matches({"ratio=0.5"}));
  EXPECT_TRUE(matches({"ok=false"}));
  EXPECT_TRUE(matches({"reason=null"}));
  EXPECT_FALSE(matches({"reason="}));
  EXPECT_TRUE(matches({"text=null"}));
}

TEST(Filter, FollowsDotsAndArrays) {
  EXPECT_TRUE(matches({"source.url=http://x/a=b"}));
  EXPECT_TRUE(matches({"source.sha256=null"}));
  EXPECT_TRUE(matches({"tags=b"}));
  EXPECT_FALSE(matches({"tags=c"}));
  EXPECT_TRUE(matches({"parts.n=2"}));
  EXPECT_FALSE(matches({"parts.n=3"}));
  EXPECT_TRUE(matches({"status.inner=null"}));
  EXPECT_TRUE(matches({"missing=null"}));
}

TEST(Filter, AllConditionsMustHold) {
  EXPECT_TRUE(matches({}));
  EXPECT_TRUE(matches({"status=FAILED", "attempt=3"}));
  EXPECT_FALSE(matches({"status=FAILED", "attempt=4"}));
}

TEST(Filter, CanBeNegated) {
  EXPECT_TRUE(matches({"status!=QUEUED"}));
  EXPECT_FALSE(matches({"status!=FAILED"}));
  EXPECT_TRUE(matches({"missing!=x"}));
  EXPECT_FALSE(matches({"tags!=b"}));
}

TEST(Filter, RefusesWhatIsNoCondition) {
  for (const char* text : {"status", "=x", "!=x", "a..b=x", ".a=x", ""}) {
    EXPECT_FALSE(Filter::parse(std::vector<std::string>{text})) << text;
  }
}

}  // namespace
}  // namespace omashu::table
