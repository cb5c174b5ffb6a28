#include <zlib.h>

#include <limits>

#include "broker/log/codecs.h"

namespace omashu::broker {

namespace {

constexpr int kGzipFormat = 16;  // added to the size of the window

struct Inflater {
  z_stream stream{};
  bool is_ready = inflateInit2(&stream, MAX_WBITS + kGzipFormat) == Z_OK;
  ~Inflater() {
    if (is_ready) inflateEnd(&stream);
  }
};

struct Deflater {
  explicit Deflater(int level)
      : is_ready(deflateInit2(&stream, level, Z_DEFLATED, MAX_WBITS + kGzipFormat, 8, Z_DEFAULT_STRATEGY) == Z_OK) {}
  ~Deflater() {
    if (is_ready) deflateEnd(&stream);
  }

  z_stream stream{};
  bool is_ready;
};

Bytef* as_input(std::string_view bytes) { return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data())); }

}  // namespace

bool gzip_decompress(std::string_view bytes, size_t max_bytes, std::string& out) {
  Inflater inflater;
  if (!inflater.is_ready || bytes.size() > std::numeric_limits<uInt>::max()) return false;
  z_stream& stream = inflater.stream;
  stream.next_in = as_input(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  size_t used = 0;
  for (;;) {
    // A byte more than is allowed, so that one of exactly max_bytes comes to its end.
    if (!make_room(out, used, max_bytes + 1)) return false;
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + used);
    stream.avail_out = static_cast<uInt>(out.size() - used);
    const int state = inflate(&stream, Z_NO_FLUSH);
    used = out.size() - stream.avail_out;
    if (state != Z_OK && state != Z_STREAM_END) return false;
    if (state == Z_STREAM_END) {
      if (stream.avail_in == 0) break;
      if (inflateReset(&stream) != Z_OK) return false;  // a member follows
    }
  }
  out.resize(used);
  return used <= max_bytes;
}

bool gzip_compress(std::string_view bytes, std::optional<int> level, std::string& out) {
  Deflater deflater(level.value_or(Z_DEFAULT_COMPRESSION));  // -1, as in Kafka
  if (!deflater.is_ready || bytes.size() > std::numeric_limits<uInt>::max() / 2) return false;
  z_stream& stream = deflater.stream;
  out.resize(deflateBound(&stream, bytes.size()));
  stream.next_in = as_input(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) return false;
  out.resize(stream.total_out);
  return true;
}

}  // namespace omashu::broker
