#include "broker/log/compression.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "broker/log/big_endian.h"

namespace omashu::broker {
namespace {

class CompressionTest : public testing::TestWithParam<Compression> {};

std::string text_of(size_t size) {
  std::mt19937 random(static_cast<unsigned>(size));
  std::string text;
  while (text.size() < size) text += "word" + std::to_string(random() % 50) + " ";
  text.resize(size);
  return text;
}

TEST_P(CompressionTest, WhatIsPackedIsUnpacked) {
  for (const size_t size : {0, 1, 100, 32 << 10, (32 << 10) + 1, 300'000}) {
    const std::string text = text_of(size);
    const auto packed = compress(GetParam(), text);
    ASSERT_TRUE(packed);
    const auto unpacked = decompress(GetParam(), *packed, size);
    ASSERT_TRUE(unpacked) << size << ": " << unpacked.error().message;
    EXPECT_EQ(*unpacked, text);
    EXPECT_LT(packed->size(), size / 2 + 100);
  }
}

TEST_P(CompressionTest, EveryLevelOfKafkaIsUnpacked) {
  const std::string text = text_of(50'000);
  for (const int level : {-131072, -5, -1, 1, 3, 9, 12, 17, 22}) {
    if (GetParam() == Compression::kGzip && (level < -1 || level > 9)) continue;
    if (GetParam() == Compression::kLz4 && level < 1) continue;
    const auto packed = compress(GetParam(), text, level);
    ASSERT_TRUE(packed) << level;
    EXPECT_EQ(*decompress(GetParam(), *packed, text.size()), text) << level;
  }
}

TEST(CompressionLevels, AHigherLevelPacksTighter) {
  const std::string text = text_of(300'000);
  for (const auto& [compression, low, high] :
       {std::tuple(Compression::kGzip, 1, 9), std::tuple(Compression::kLz4, 1, 12),
        std::tuple(Compression::kZstd, -7, 19)}) {
    EXPECT_LT(compress(compression, text, high)->size(), compress(compression, text, low)->size());
  }
}

TEST_P(CompressionTest, MoreThanIsAllowedIsRefused) {
  const std::string zeros(8 << 20, '\0');
  const auto packed = compress(GetParam(), zeros);
  ASSERT_TRUE(packed);
  EXPECT_TRUE(decompress(GetParam(), *packed, zeros.size()));
  EXPECT_FALSE(decompress(GetParam(), *packed, zeros.size() - 1));
  EXPECT_FALSE(decompress(GetParam(), *packed, 1));
}

TEST_P(CompressionTest, TruncatedBytesAreRefused) {
  const auto packed = compress(GetParam(), text_of(2000));
  ASSERT_TRUE(packed);
  for (size_t size = 0; size < packed->size(); ++size) {
    const auto unpacked = decompress(GetParam(), packed->substr(0, size), 100'000);
    // Java's frame of snappy does not say how many blocks there are: without any, it is whole.
    const bool is_empty_frame = GetParam() == Compression::kSnappy && size == 16;
    EXPECT_EQ(unpacked.has_value(), is_empty_frame) << size;
  }
}

TEST_P(CompressionTest, DamagedBytesDoNoHarm) {
  const auto packed = compress(GetParam(), text_of(2000));
  ASSERT_TRUE(packed);
  for (size_t i = 0; i < packed->size(); ++i) {
    std::string damaged = *packed;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
    const auto unpacked = decompress(GetParam(), damaged, 100'000);
    EXPECT_LE(unpacked.value_or("").size(), 100'000u);
  }
}

INSTANTIATE_TEST_SUITE_P(EachCodec, CompressionTest,
                         testing::Values(Compression::kGzip, Compression::kSnappy, Compression::kLz4,
                                         Compression::kZstd));

TEST(Compression, RawSnappyIsReadToo) {
  // "snappy" as one literal, by the format's description: the length, a tag of 5 << 2, the bytes.
  EXPECT_EQ(decompress(Compression::kSnappy, "\x06\x14snappy", 6), "snappy");
}

TEST(Compression, AClaimedSizeIsNotBelieved) {
  // Raw snappy that says it holds 50 MB, and ends.
  EXPECT_FALSE(decompress(Compression::kSnappy, "\x80\xE1\xEB\x17", 64 << 20));
}

TEST(Compression, ConcatenatedGzipMembersAreOne) {
  const auto a = compress(Compression::kGzip, "first ");
  const auto b = compress(Compression::kGzip, "second");
  EXPECT_EQ(decompress(Compression::kGzip, *a + *b, 100), "first second");
}

}  // namespace
}  // namespace omashu::broker
