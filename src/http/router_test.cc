#include "http/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::http {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

class RouterTest : public ::testing::Test {
 protected:
  RouterTest() {
    for (const char* pattern : {"/", "/subjects", "/subjects/{subject}", "/subjects/{subject}/versions",
                                "/subjects/{subject}/versions/{version}", "/schemas/types", "/schemas/{kind}/{id}"}) {
      router_.add(Method::kGet, pattern, Access::kRead, {});
    }
    router_.add(Method::kPost, "/subjects/{subject}", Access::kWrite, {});
  }

  std::string pattern_of(std::string_view path, Method method = Method::kGet) {
    const Router::Match match = router_.find(method, path);
    return match.route == nullptr ? "" : match.route->pattern;
  }

  Router router_;
};

TEST_F(RouterTest, FindsByWordsAndParameters) {
  EXPECT_EQ(pattern_of("/"), "/");
  EXPECT_EQ(pattern_of("/subjects"), "/subjects");
  EXPECT_EQ(pattern_of("/subjects/"), "/subjects");
  EXPECT_EQ(pattern_of("/subjects/a/versions/1"), "/subjects/{subject}/versions/{version}");
  EXPECT_EQ(pattern_of("/schemas/types"), "/schemas/types");
  EXPECT_EQ(pattern_of("/schemas/types/1"), "/schemas/{kind}/{id}") << "the word leads nowhere";
  for (const char* path : {"", "subjects", "/subject", "/subjects//versions", "/subjects/a/version", "/schemas",
                           "/subjects/a/versions/1/2", "//", "/subjects/%zz"}) {
    EXPECT_EQ(pattern_of(path), "") << path;
  }
}

TEST_F(RouterTest, DecodesParametersAfterTheSplit) {
  const Router::Match match = router_.find(Method::kGet, "/subjects/a%2Fb%20c+d/versions/latest");
  EXPECT_THAT(match.parameters, ElementsAre(Pair("subject", "a/b c+d"), Pair("version", "latest")));
}

TEST_F(RouterTest, SaysWhichMethodsThereAre) {
  EXPECT_EQ(pattern_of("/subjects/a", Method::kHead), "/subjects/{subject}");
  const Router::Match match = router_.find(Method::kDelete, "/subjects/a");
  EXPECT_EQ(match.route, nullptr);
  EXPECT_EQ(match.allowed, "GET, POST");
  EXPECT_EQ(router_.find(Method::kPost, "/subjects/a").route->access, Access::kWrite);
}

}  // namespace
}  // namespace omashu::http
