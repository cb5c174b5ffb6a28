#include "http/content_encoding.h"

#include <gtest/gtest.h>

#include <array>

namespace omashu::http {
namespace {

using enum ContentEncoding;

ContentEncoding preferred(std::string_view line) {
  static constexpr std::array kChoices = {kZstd, kGzip};
  return preferred_encoding(line, kChoices);
}

TEST(ContentEncoding, TheHeaviestIsTakenAndOfEqualOnesTheServersFirst) {
  EXPECT_EQ(preferred(""), kIdentity);
  EXPECT_EQ(preferred("gzip"), kGzip);
  EXPECT_EQ(preferred("gzip, deflate, br, zstd"), kZstd);
  EXPECT_EQ(preferred("GZip;Q=0.5"), kGzip);
  EXPECT_EQ(preferred("x-gzip"), kGzip);
  EXPECT_EQ(preferred("zstd;q=0.2, gzip;q=0.201"), kGzip);
  EXPECT_EQ(preferred("zstd ; q=1.000 ,gzip ; q=0.999"), kZstd);
  EXPECT_EQ(preferred("*"), kZstd);
  EXPECT_EQ(preferred("*, zstd;q=0"), kGzip);
  EXPECT_EQ(preferred("*;q=0"), kIdentity);
  EXPECT_EQ(preferred("br, deflate"), kIdentity);
  EXPECT_EQ(preferred("identity, gzip;q=0.5"), kIdentity);
  EXPECT_EQ(preferred("gzip;q=0"), kIdentity);
  EXPECT_EQ(preferred(",, gzip ,"), kGzip) << "empty items are allowed";
  EXPECT_EQ(preferred("gzip;q=1."), kGzip) << "a weight may have no decimals behind its point";
}

TEST(ContentEncoding, WhatCannotBeUnderstoodIsAnsweredPlainly) {
  for (const char* line : {"gzip;q=", "gzip;q=2", "gzip;q=1.001", "gzip;q=0.1234", "gzip;q=-1", "gzip;q=.5",
                           "gzip;q=0x1", "gzip;level=9", "gzip;q", "gzip;;q=1", "br;q=x, gzip"}) {
    EXPECT_EQ(preferred(line), kIdentity) << line;
  }
}

TEST(ContentEncoding, WhatIsCompressedAlreadyIsLeftAlone) {
  EXPECT_TRUE(is_compressible({.content_type = "application/json"}));
  EXPECT_TRUE(is_compressible({.content_type = "application/problem+json"}));
  EXPECT_TRUE(is_compressible({.content_type = "text/html; charset=utf-8"}));
  EXPECT_FALSE(is_compressible({.content_type = "image/png"}));
  EXPECT_FALSE(is_compressible({.content_type = "application/octet-stream"}));
  EXPECT_FALSE(is_compressible({.content_type = "text/css", .fields = {{"Content-Encoding", "gzip"}}}));
  EXPECT_FALSE(is_compressible({.content_type = "text/css", .fields = {{"Cache-Control", "no-transform"}}}));
  EXPECT_FALSE(is_compressible({}));
}

TEST(ContentEncoding, TheHeadSaysWhatWasDone) {
  Response response{.fields = {{"ETag", "\"t-0-1\""}, {"Vary", "Origin"}}};
  describe_encoding(response, kGzip);
  ASSERT_EQ(response.fields.size(), 3U);
  EXPECT_EQ(response.fields[0].value, "W/\"t-0-1\"");
  EXPECT_EQ(response.fields[1].value, "Origin, Accept-Encoding");
  EXPECT_EQ(response.fields[2].value, "gzip");
  Response plain;
  describe_encoding(plain, kIdentity);
  ASSERT_EQ(plain.fields.size(), 1U);
  EXPECT_EQ(plain.fields[0].name, "Vary");
}

}  // namespace
}  // namespace omashu::http
