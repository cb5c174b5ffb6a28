#include "base/utf8.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/utf8_blocks.h"

namespace omashu {
namespace {

// Both ways, with ASCII around the text so that it lies anywhere in a block.
void check(const std::string& text) {
  for (const size_t before : {0, 1, 7, 13, 14, 15, 16, 29}) {
    for (const size_t after : {0, 1, 2, 3, 16}) {
      const std::string padded = std::string(before, 'x') + text + std::string(after, 'y');
      const bool valid = is_valid_utf8_by_characters(padded);
      ASSERT_EQ(is_valid_utf8(padded), valid) << padded;
      // What stands behind it in the buffer does not matter.
      const std::string buffer = padded + "\xff\x80" + std::string(20, '\xff');
      for (const size_t readable : {padded.size(), padded.size() + 5, buffer.size()}) {
        ASSERT_EQ(is_valid_utf8(std::string_view(buffer).substr(0, padded.size()), readable), valid) << padded;
      }
      if (can_validate_utf8_by_blocks()) {
        ASSERT_EQ(is_valid_utf8_by_blocks(padded), valid) << padded;
      }
    }
  }
}

TEST(Utf8, AsciiIsTakenUpToItsLastByte) {
  for (size_t size = 0; size < 70; ++size) {
    const std::string text(size, 'a');
    EXPECT_TRUE(is_valid_utf8(text));
    for (size_t place = 0; place < size; ++place) {
      std::string wrong = text;
      wrong[place] = '\x80';
      EXPECT_FALSE(is_valid_utf8(wrong)) << size << " " << place;
    }
  }
}

TEST(Utf8, CharactersOfEachLengthAreTaken) {
  for (const char* text : {"\u00e9", "\ud398\uc774\ucee4", "\U0001f600", "\u07ff\u0800\uffff", "\U0010ffff"}) {
    EXPECT_TRUE(is_valid_utf8(text));
    check(text);
  }
}

TEST(Utf8, OverlongFormsSurrogatesAndWhatIsTooLargeAreRefused) {
  for (const char* text : {"\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
                           "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\x80", "\xe2\x82", "\xf0\x9f\x98"}) {
    EXPECT_FALSE(is_valid_utf8(text));
    check(text);
  }
}

TEST(Utf8, EveryPairOfBytesIsJudgedAlikeInBlocksAndByCharacters) {
  for (int first = 0x80; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      check({static_cast<char>(first), static_cast<char>(second), '\x80'});
      if (HasFatalFailure()) return;
    }
  }
}

TEST(Utf8, TextsAtRandomAreJudgedAlikeInBlocksAndByCharacters) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    while (text.size() < random() % 64) {
      uint32_t code_point = static_cast<uint32_t>(random() % 0x110000);
      if (code_point >= 0xd800 && code_point < 0xe000) code_point = 'a';
      append_utf8(text, code_point >> (random() % 20));
    }
    if (!text.empty() && random() % 2 == 0) text[random() % text.size()] = static_cast<char>(random());
    ASSERT_EQ(is_valid_utf8(text), is_valid_utf8_by_characters(text));
    if (can_validate_utf8_by_blocks()) {
      ASSERT_EQ(is_valid_utf8_by_blocks(text), is_valid_utf8_by_characters(text));
    }
  }
}

}  // namespace
}  // namespace omashu
