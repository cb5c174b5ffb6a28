#include "base/shown_utf8.h"

#include <gtest/gtest.h>

namespace omashu {
namespace {

TEST(ShownUtf8, BytesThatBelongToNoCharacterAreReplaced) {
  EXPECT_EQ(as_utf8("größer → 10"), "größer → 10");
  EXPECT_EQ(as_utf8("a\xff\xfe z"), "a\uFFFD\uFFFD z");
  EXPECT_EQ(as_utf8("cut \xe2\x86"), "cut \uFFFD\uFFFD");
  EXPECT_EQ(as_utf8(""), "");
}

}  // namespace
}  // namespace omashu
