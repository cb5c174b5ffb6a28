#include "broker/log/compression.h"

#include <fmt/core.h>

#include <algorithm>

#include "broker/log/codecs.h"

namespace omashu::broker {

namespace {

constexpr size_t kMinRoomBytes = 16 << 10;

std::string_view name_of(Compression compression) {
  switch (compression) {
    case Compression::kNone: return "none";
    case Compression::kGzip: return "gzip";
    case Compression::kSnappy: return "snappy";
    case Compression::kLz4: return "lz4";
    case Compression::kZstd: return "zstd";
  }
  return "unknown";
}

}  // namespace

bool make_room(std::string& out, size_t used, size_t max_bytes) {
  if (used < out.size()) return true;
  if (used >= max_bytes) return false;
  out.resize(std::min(max_bytes, std::max(kMinRoomBytes, used * 2)));
  return true;
}

Result<std::string> decompress(Compression compression, std::string_view bytes, size_t max_bytes) {
  std::string out;
  const bool is_whole = [&] {
    switch (compression) {
      case Compression::kNone:
        if (bytes.size() > max_bytes) return false;
        out = bytes;
        return true;
      case Compression::kGzip: return gzip_decompress(bytes, max_bytes, out);
      case Compression::kSnappy: return snappy_decompress(bytes, max_bytes, out);
      case Compression::kLz4: return lz4_decompress(bytes, max_bytes, out);
      case Compression::kZstd: return zstd_decompress(bytes, max_bytes, out);
    }
    return false;
  }();
  if (is_whole) return out;
  return fail(ErrorCode::kCorrupt,
              fmt::format("{} bytes are not {} of at most {} bytes", bytes.size(), name_of(compression), max_bytes));
}

Result<std::string> compress(Compression compression, std::string_view bytes, std::optional<int> level) {
  std::string out;
  const bool is_done = [&] {
    switch (compression) {
      case Compression::kNone: out = bytes; return true;
      case Compression::kGzip: return gzip_compress(bytes, level, out);
      case Compression::kSnappy: return snappy_compress(bytes, out);
      case Compression::kLz4: return lz4_compress(bytes, level, out);
      case Compression::kZstd: return zstd_compress(bytes, level, out);
    }
    return false;
  }();
  if (is_done) return out;
  return fail(ErrorCode::kInternal,
              fmt::format("{} bytes could not be packed with {}", bytes.size(), name_of(compression)));
}

Result<std::string_view> read_records(const RecordBatchView& batch, std::string& buffer) {
  const auto compression = static_cast<Compression>(batch.header.codec());
  if (compression == Compression::kNone) return batch.records();
  auto records = decompress(compression, batch.records(), kMaxRecordsBytes);
  if (!records) return fail(records.error());
  buffer = std::move(*records);
  return buffer;
}

}  // namespace omashu::broker
