#include "http/identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::http {
namespace {

Grants grants(std::string_view words) {
  auto parsed = Grants::parse(words);
  EXPECT_TRUE(parsed.has_value()) << words;
  return parsed ? *parsed : Grants();
}

TEST(Grants, ARoleHasTheSmallerOnesInIt) {
  for (const Access access : {Access::kPublic, Access::kKnown, Access::kRead}) {
    EXPECT_TRUE(grants("read").allow(access, std::nullopt));
    EXPECT_TRUE(grants("read").allow(access, "any"));
  }
  EXPECT_FALSE(grants("read").allow(Access::kWrite, "any"));
  EXPECT_TRUE(grants("write").allow(Access::kRead, std::nullopt));
  EXPECT_FALSE(grants("write").allow(Access::kAdmin, std::nullopt));
  EXPECT_TRUE(grants("admin").allow(Access::kWrite, std::nullopt));
  EXPECT_TRUE(Grants::everything().allow(Access::kAdmin, std::nullopt));
}

TEST(Grants, APatternIsForTheTablesThatMatchItAlone) {
  const Grants some = grants("read@status-*, write@status-download");
  EXPECT_TRUE(some.allow(Access::kKnown, std::nullopt));
  EXPECT_FALSE(some.allow(Access::kRead, std::nullopt)) << "what names no table shows all of them";
  EXPECT_TRUE(some.allow(Access::kRead, "status-upload"));
  EXPECT_FALSE(some.allow(Access::kWrite, "status-upload"));
  EXPECT_TRUE(some.allow(Access::kWrite, "status-download"));
  EXPECT_FALSE(some.allow(Access::kRead, "download-status-"));
  EXPECT_FALSE(some.allow(Access::kRead, ""));
  const Grants odd = grants("read@*-a*b");
  EXPECT_TRUE(odd.allow(Access::kRead, "x-ab"));
  EXPECT_TRUE(odd.allow(Access::kRead, "-axb-ab"));
  EXPECT_FALSE(odd.allow(Access::kRead, "-axbx"));
  EXPECT_TRUE(grants("read@*").allow(Access::kRead, std::nullopt));
}

TEST(Grants, OtherWordsAreRefused) {
  for (const char* words :
       {"", "readwrite", "Read", "read@", "read@a b", "read@a/b", "@status", "read,,write", "read;"}) {
    EXPECT_FALSE(Grants::parse(words).has_value()) << words;
  }
  EXPECT_THAT(Grants::parse("owner").error().message, ::testing::HasSubstr("read, write or admin"));
}

}  // namespace
}  // namespace omashu::http
