#include "base/json_block.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace omashu::json {
namespace {

BlockMarks mark_one_by_one(const std::string& block) {
  BlockMarks marks;
  for (size_t i = 0; i < kBlockBytes; ++i) {
    const auto byte = static_cast<unsigned char>(block[i]);
    if (byte < 0x20 || byte == '"' || byte == '\\') marks.special |= uint32_t{1} << i;
    if (byte >= 0x80) marks.non_ascii |= uint32_t{1} << i;
  }
  return marks;
}

void check(const std::string& block) {
  const BlockMarks wanted = mark_one_by_one(block);
  EXPECT_EQ(mark_block(block.data()), wanted);
  const BlockMarks by_words = mark_block_by_words(block.data());
  EXPECT_EQ(by_words.non_ascii, wanted.non_ascii);
  EXPECT_EQ(std::countr_zero(by_words.special), std::countr_zero(wanted.special));
}

TEST(JsonBlock, EveryByteInEveryPlaceIsMarkedAlike) {
  for (size_t place = 0; place < kBlockBytes; ++place) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string block(kBlockBytes, 'a');
      block[place] = static_cast<char>(byte);
      check(block);
    }
  }
}

TEST(JsonBlock, BlocksAtRandomAreMarkedAlike) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 10'000; ++i) {
    std::string block(kBlockBytes, '\0');
    for (char& c : block) c = static_cast<char>(random() % 8 == 0 ? random() : 'a' + random() % 26);
    check(block);
  }
}

}  // namespace
}  // namespace omashu::json
