#include "provision/lint/lint_comments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/core.h>

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// "RULE@LINE:COLUMN of ROW LINE"
std::vector<std::string> comments_of(std::string_view text) {
  std::vector<std::string> texts;
  for (const LintComment& comment : read_lint_comments(text)) {
    texts.push_back(
        fmt::format("{}@{}:{} of {}", comment.rule, comment.position.line, comment.position.column, comment.row_line));
  }
  return texts;
}

TEST(LintComments, AreOfTheRowTheyStandBehind) {
  EXPECT_THAT(comments_of("a 1 1\nb 1 1  # lint off=x,y since 2019\nc"), ElementsAre("x@2:19 of 2", "y@2:21 of 2"));
}

TEST(LintComments, InALineOfTheirOwnAreOfTheNextRow) {
  EXPECT_THAT(comments_of("# lint off=x\n# why\n\n#lint: off=y\na 1 1\r\nb"),
              ElementsAre("x@1:12 of 5", "y@4:12 of 5"));
}

TEST(LintComments, WithoutARowAreOfNone) { EXPECT_THAT(comments_of("a\n# lint off=x"), ElementsAre("x@2:12 of 0")); }

TEST(LintComments, OtherCommentsSayNothing) {
  EXPECT_THAT(comments_of("# lint is nice\n# off=x\na b#lint off=x\n# linted off=x\n#\n"), IsEmpty());
}

TEST(LintComments, AnEmptyRuleIsNoRule) {
  EXPECT_THAT(comments_of("# lint off=,\na"), ElementsAre("@1:12 of 2", "@1:13 of 2"));
}

}  // namespace
}  // namespace omashu::provision
