#include "cli/output/display_width.h"

#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

TEST(DisplayWidth, WideCharactersCountTwoAndCombiningOnesNone) {
  EXPECT_EQ(display_width(""), 0u);
  EXPECT_EQ(display_width("om-1"), 4u);
  EXPECT_EQ(display_width("äöü"), 3u);
  EXPECT_EQ(display_width("日本語"), 6u);
  EXPECT_EQ(display_width("한글"), 4u);
  EXPECT_EQ(display_width("e\u0301"), 1u);
  EXPECT_EQ(display_width("🚀"), 2u);
  EXPECT_EQ(display_width("\xff\xfe"), 2u);
}

TEST(DisplayWidth, CutsBetweenCharacters) {
  EXPECT_EQ(cut_to_width("om-1", 4), "om-1");
  EXPECT_EQ(cut_to_width("om-100", 4), "om-…");
  EXPECT_EQ(cut_to_width("äöüäöü", 4), "äöü…");
  EXPECT_EQ(cut_to_width("日本語", 5), "日本…");
  EXPECT_EQ(cut_to_width("日本語", 4), "日…");
  EXPECT_EQ(cut_to_width("\xff\xfe\xfd", 2), "\xff…");
  EXPECT_EQ(cut_to_width("abc", 1), "…");
  EXPECT_EQ(cut_to_width("abc", 0), "");
}

TEST(DisplayWidth, ControlCharactersAreNotPrintable) {
  EXPECT_EQ(printable("a\x1b[2J\n\x7f\u009b"), "a?[2J???");
  EXPECT_EQ(printable("grün\xff"), "grün?");
}

}  // namespace
}  // namespace omashu::cli
