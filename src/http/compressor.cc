#include "http/compressor.h"

#include <zlib.h>
#include <zstd.h>

#include <array>
#include <memory>
#include <new>
#include <utility>

namespace omashu::http {

namespace {

constexpr int kGzipLevel = 4;  // twice as fast as zlib's default, for a few percent more bytes
constexpr int kZstdLevel = 3;

constexpr int kRawWindow = -15;  // deflate without a header
constexpr int kGzipWindow = 15 + 16;

// RFC 1952, section 2.3: no time, no flags, of a system that is not named.
constexpr std::string_view kGzipHeader("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
constexpr std::string_view kLastBlock("\x03\0", 2);  // empty, and final

// zlib's state, kept by each thread: to set it up takes longer than a small piece.
class Deflater {
 public:
  explicit Deflater(int window) {
    if (deflateInit2(&stream_, kGzipLevel, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  std::string run(std::string_view bytes, int flush) {
    deflateReset(&stream_);
    std::string out;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    size_t left = bytes.size();
    do {
      stream_.avail_in = static_cast<uInt>(std::min<size_t>(left, 1U << 30));
      left -= stream_.avail_in;
      run_input(out, left > 0 ? Z_NO_FLUSH : flush);
    } while (left > 0);
    return out;
  }

 private:
  void run_input(std::string& out, int flush) {
    do {
      const size_t size = out.size();
      out.resize(size + 64 + stream_.avail_in / 2);
      stream_.next_out = reinterpret_cast<Bytef*>(out.data() + size);
      stream_.avail_out = static_cast<uInt>(out.size() - size);
      deflate(&stream_, flush);
      out.resize(out.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }

  z_stream stream_{};
};

std::string zstd_frame(std::string_view bytes) {
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  thread_local const std::unique_ptr<ZSTD_CCtx, Free> context(ZSTD_createCCtx());
  if (context == nullptr) throw std::bad_alloc();
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const size_t size = ZSTD_compressCCtx(context.get(), out.data(), out.size(), bytes.data(), bytes.size(), kZstdLevel);
  if (ZSTD_isError(size) != 0) throw std::bad_alloc();
  out.resize(size);
  return out;
}

void append_little_endian(std::string& out, uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(number >> shift);
}

uint32_t checksum_of(std::string_view bytes) {
  return static_cast<uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::string encoded_piece(std::string_view bytes, ContentEncoding encoding) {
  if (encoding == ContentEncoding::kZstd) return zstd_frame(bytes);
  thread_local Deflater deflater(kRawWindow);
  return deflater.run(bytes, Z_SYNC_FLUSH);
}

// The shared piece that this thread has compressed last: whoever writes one to many streams does so in a row.
struct LastShared {
  std::shared_ptr<const std::string> source;
  std::shared_ptr<const std::string> encoded;
  uint32_t checksum = 0;
};

}  // namespace

std::string compressed(std::string_view body, ContentEncoding encoding) {
  if (encoding == ContentEncoding::kZstd) return zstd_frame(body);
  thread_local Deflater deflater(kGzipWindow);
  return deflater.run(body, Z_FINISH);
}

StreamCompressor::Encoded StreamCompressor::encode(Piece piece) const {
  const std::string_view bytes = piece.bytes();
  if (!piece.is_shared()) {
    return {Piece(encoded_piece(bytes, encoding_)), checksum_of(bytes), bytes.size()};
  }
  thread_local std::array<LastShared, 2> last;
  LastShared& known = last[encoding_ == ContentEncoding::kZstd ? 1 : 0];
  if (known.source != piece.shared()) {
    known = {piece.shared(), std::make_shared<const std::string>(encoded_piece(bytes, encoding_)), checksum_of(bytes)};
  }
  return {Piece(known.encoded), known.checksum, bytes.size()};
}

std::string StreamCompressor::begin() const {
  return encoding_ == ContentEncoding::kGzip ? std::string(kGzipHeader) : std::string();
}

Piece StreamCompressor::add(Encoded encoded) {
  checksum_ = static_cast<uint32_t>(crc32_combine(checksum_, encoded.checksum, static_cast<z_off_t>(encoded.size)));
  size_ += encoded.size;
  return std::move(encoded.piece);
}

std::string StreamCompressor::end() const {
  if (encoding_ != ContentEncoding::kGzip) return "";
  std::string end(kLastBlock);
  append_little_endian(end, checksum_);
  append_little_endian(end, static_cast<uint32_t>(size_));
  return end;
}

}  // namespace omashu::http
