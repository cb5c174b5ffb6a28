#include <zstd.h>

#include <memory>

#include "broker/log/codecs.h"

namespace omashu::broker {

namespace {

constexpr int kMaxWindowLog = 26;  // 64 MiB, the most that a batch may unpack to

}  // namespace

bool zstd_decompress(std::string_view bytes, size_t max_bytes, std::string& out) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
  if (!context || ZSTD_isError(ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kMaxWindowLog))) return false;
  ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
  size_t used = 0;
  size_t expected = 1;  // 0: a frame has ended
  while (input.pos < input.size || expected != 0) {
    if (!make_room(out, used, max_bytes + 1)) return false;
    ZSTD_outBuffer output{out.data() + used, out.size() - used, 0};
    const size_t read_before = input.pos;
    expected = ZSTD_decompressStream(context.get(), &output, &input);
    if (ZSTD_isError(expected) || (input.pos == read_before && output.pos == 0 && expected != 0)) return false;
    used += output.pos;
  }
  out.resize(used);
  return used <= max_bytes;
}

bool zstd_compress(std::string_view bytes, std::optional<int> level, std::string& out) {
  out.resize(ZSTD_compressBound(bytes.size()));
  const size_t size =
      ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), level.value_or(ZSTD_CLEVEL_DEFAULT));
  if (ZSTD_isError(size)) return false;
  out.resize(size);
  return true;
}

}  // namespace omashu::broker
