// Java's snappy frames its blocks: the magic, version and oldest compatible version (int32 each), then for each block
// its length (int32) and its raw snappy. librdkafka and others send one raw block without a frame.

#include <snappy.h>

#include <algorithm>

#include "broker/log/big_endian.h"
#include "broker/log/codecs.h"

namespace omashu::broker {

namespace {

constexpr std::string_view kFrameMagic("\x82SNAPPY\0", 8);
constexpr std::string_view kFrameHeader("\x82SNAPPY\0\0\0\0\1\0\0\0\1", 16);
constexpr size_t kBlockBytes = 32 << 10;

bool add_block(std::string_view block, size_t max_bytes, std::string& out) {
  size_t size = 0;
  if (!snappy::GetUncompressedLength(block.data(), block.size(), &size)) return false;
  if (size > max_bytes - out.size()) return false;
  // Before a size that is only claimed is believed.
  if (!snappy::IsValidCompressedBuffer(block.data(), block.size())) return false;
  const size_t used = out.size();
  out.resize(used + size);
  return snappy::RawUncompress(block.data(), block.size(), out.data() + used);
}

}  // namespace

bool snappy_decompress(std::string_view bytes, size_t max_bytes, std::string& out) {
  if (!bytes.starts_with(kFrameMagic)) return add_block(bytes, max_bytes, out);
  if (bytes.size() < kFrameHeader.size()) return false;
  bytes.remove_prefix(kFrameHeader.size());
  while (!bytes.empty()) {
    if (bytes.size() < sizeof(uint32_t)) return false;
    const auto size = load_big_endian<uint32_t>(bytes.data());
    bytes.remove_prefix(sizeof(uint32_t));
    if (size > bytes.size() || !add_block(bytes.substr(0, size), max_bytes, out)) return false;
    bytes.remove_prefix(size);
  }
  return true;
}

bool snappy_compress(std::string_view bytes, std::string& out) {
  out = kFrameHeader;
  std::string block;
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, kBlockBytes);
    snappy::Compress(part.data(), part.size(), &block);
    char size[sizeof(uint32_t)];
    store_big_endian(size, static_cast<uint32_t>(block.size()));
    out.append(size, sizeof size);
    out += block;
    bytes.remove_prefix(part.size());
  }
  return true;
}

}  // namespace omashu::broker
