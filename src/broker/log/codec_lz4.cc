#include <lz4frame.h>

#include <memory>

#include "broker/log/codecs.h"

namespace omashu::broker {

namespace {

constexpr int kDefaultLevel = 9;

}  // namespace

bool lz4_decompress(std::string_view bytes, size_t max_bytes, std::string& out) {
  LZ4F_dctx* raw = nullptr;
  if (LZ4F_isError(LZ4F_createDecompressionContext(&raw, LZ4F_VERSION))) return false;
  const std::unique_ptr<LZ4F_dctx, decltype(&LZ4F_freeDecompressionContext)> context(raw,
                                                                                     &LZ4F_freeDecompressionContext);
  size_t used = 0;
  size_t expected = 1;  // 0: a frame has ended
  while (!bytes.empty() || expected != 0) {
    if (!make_room(out, used, max_bytes + 1)) return false;
    size_t written = out.size() - used;
    size_t read = bytes.size();
    expected = LZ4F_decompress(context.get(), out.data() + used, &written, bytes.data(), &read, nullptr);
    if (LZ4F_isError(expected) || (read == 0 && written == 0 && expected != 0)) return false;
    used += written;
    bytes.remove_prefix(read);
  }
  out.resize(used);
  return used <= max_bytes;
}

bool lz4_compress(std::string_view bytes, std::optional<int> level, std::string& out) {
  LZ4F_preferences_t preferences{};
  // Kafka's default, 9, stands for the fast compressor, which is liblz4's 0. Above 12 liblz4 takes 12.
  if (level && *level != kDefaultLevel) preferences.compressionLevel = *level;
  preferences.frameInfo.blockMode = LZ4F_blockIndependent;  // Java's clients read no other
  out.resize(LZ4F_compressFrameBound(bytes.size(), &preferences));
  const size_t size = LZ4F_compressFrame(out.data(), out.size(), bytes.data(), bytes.size(), &preferences);
  if (LZ4F_isError(size)) return false;
  out.resize(size);
  return true;
}

}  // namespace omashu::broker
