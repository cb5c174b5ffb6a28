#include "http/testing/decompressed.h"

#include <zlib.h>
#include <zstd.h>

namespace omashu::http::testing {

namespace {

std::string from_gzip(std::string_view body) {
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  std::string out;
  int result = Z_OK;
  do {
    const size_t size = out.size();
    out.resize(size + 65'536);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + size);
    stream.avail_out = 65'536;
    result = inflate(&stream, Z_SYNC_FLUSH);
    out.resize(out.size() - stream.avail_out);
  } while (result == Z_OK && stream.avail_out == 0);
  inflateEnd(&stream);
  return result == Z_DATA_ERROR ? "not gzip" : out;
}

std::string from_zstd(std::string_view body) {
  ZSTD_DCtx* const context = ZSTD_createDCtx();
  ZSTD_inBuffer in{body.data(), body.size(), 0};
  std::string out;
  bool is_wrong = false;
  bool is_full = false;
  while (!is_wrong && (in.pos < in.size || is_full)) {
    const size_t size = out.size();
    out.resize(size + 65'536);
    ZSTD_outBuffer buffer{out.data() + size, 65'536, 0};
    is_wrong = ZSTD_isError(ZSTD_decompressStream(context, &buffer, &in)) != 0;
    is_full = buffer.pos == buffer.size;
    out.resize(size + buffer.pos);
  }
  ZSTD_freeDCtx(context);
  return is_wrong ? "not zstd" : out;
}

}  // namespace

std::string decompressed(std::string_view body, ContentEncoding encoding) {
  switch (encoding) {
    case ContentEncoding::kGzip: return from_gzip(body);
    case ContentEncoding::kZstd: return from_zstd(body);
    case ContentEncoding::kIdentity: break;
  }
  return std::string(body);
}

}  // namespace omashu::http::testing
