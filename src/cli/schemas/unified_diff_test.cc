#include "cli/schemas/unified_diff.h"

#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

std::string diff(std::string_view before, std::string_view after) {
  return unified_diff(before, after, "old", "new", false);
}

TEST(UnifiedDiff, IsWhatDiffPrints) {
  EXPECT_EQ(diff("a\nb\nc\nd\ne\nf\ng\nh\n", "a\nb\nc\nd\nE\nf\ng\nh\n"),
            "--- old\n+++ new\n@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n");
  EXPECT_EQ(diff("a\n", "a\nb\n"), "--- old\n+++ new\n@@ -1 +1,2 @@\n a\n+b\n");
  EXPECT_EQ(diff("a\n", ""), "--- old\n+++ new\n@@ -1 +0,0 @@\n-a\n");
  EXPECT_EQ(diff("a\n", "a\n"), "");
}

TEST(UnifiedDiff, ChangesFarApartAreHunksOfTheirOwn) {
  std::string before, after;
  for (int i = 1; i <= 20; ++i) {
    before += std::to_string(i) + "\n";
    if (i != 1 && i != 20) after += std::to_string(i) + "\n";
  }
  EXPECT_EQ(diff(before, after),
            "--- old\n+++ new\n@@ -1,4 +1,3 @@\n-1\n 2\n 3\n 4\n@@ -17,4 +16,3 @@\n 17\n 18\n 19\n-20\n");
}

TEST(UnifiedDiff, ColoursWhatWentAndWhatCame) {
  EXPECT_EQ(unified_diff("a", "b", "x", "y", true),
            "--- x\n+++ y\n@@ -1 +1 @@\n\x1b[31m-a\x1b[0m\n\x1b[32m+b\x1b[0m\n");
}

}  // namespace
}  // namespace omashu::cli
