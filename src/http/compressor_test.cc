#include "http/compressor.h"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include "http/testing/decompressed.h"

namespace omashu::http {
namespace {

using testing::decompressed;

class CompressorTest : public ::testing::TestWithParam<ContentEncoding> {};

INSTANTIATE_TEST_SUITE_P(Each, CompressorTest, ::testing::Values(ContentEncoding::kGzip, ContentEncoding::kZstd),
                         [](const auto& tested) { return std::string(encoding_name(tested.param)); });

std::string rows(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += R"({"key":"om-)" + std::to_string(i) + R"(","status":"RUNNING"})";
  return text;
}

TEST_P(CompressorTest, WholeBodiesComeBack) {
  for (const std::string& body : {std::string(), std::string("x"), rows(1000), std::string(3 << 20, 'y')}) {
    const std::string small = compressed(body, GetParam());
    EXPECT_EQ(decompressed(small, GetParam()), body);
    if (body.size() > 1000) {
      EXPECT_LT(small.size(), body.size() / 3);
    }
  }
}

TEST_P(CompressorTest, PiecesComeBackAsTheyAreWrittenAndTheWholeIsSound) {
  StreamCompressor stream(GetParam());
  std::string out = stream.begin();
  std::string written;
  for (int i = 0; i < 200; ++i) {
    const std::string piece = rows(i % 17 == 0 ? 300 : i % 5 + 1);
    written += piece;
    const bool is_shared = i % 2 == 0;
    out +=
        stream.add(stream.encode(is_shared ? Piece(std::make_shared<const std::string>(piece)) : Piece(piece))).bytes();
    ASSERT_EQ(decompressed(out, GetParam()), written) << "what was written can be read, without the end";
  }
  out += stream.end();
  EXPECT_EQ(decompressed(out, GetParam()), written);
  if (GetParam() == ContentEncoding::kGzip) {
    std::string inflated(written.size(), '\0');
    z_stream strict{};
    ASSERT_EQ(inflateInit2(&strict, 15 + 16), Z_OK);
    strict.next_in = reinterpret_cast<Bytef*>(out.data());
    strict.avail_in = static_cast<uInt>(out.size());
    strict.next_out = reinterpret_cast<Bytef*>(inflated.data());
    strict.avail_out = static_cast<uInt>(inflated.size());
    EXPECT_EQ(inflate(&strict, Z_FINISH), Z_STREAM_END) << "one member, with the right sum and length";
    EXPECT_EQ(strict.avail_in, 0U);
    inflateEnd(&strict);
  }
}

TEST_P(CompressorTest, APieceForManyStreamsIsCompressedOnce) {
  const auto piece = std::make_shared<const std::string>(rows(10));
  const StreamCompressor one(GetParam());
  const StreamCompressor other(GetParam());
  const Piece first = one.encode(Piece(piece)).piece;
  EXPECT_EQ(first.bytes().data(), other.encode(Piece(piece)).piece.bytes().data());
}

}  // namespace
}  // namespace omashu::http
