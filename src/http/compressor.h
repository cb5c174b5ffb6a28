// Compresses bodies: whole ones, and those that come piece by piece.
//
// Each piece of a stream is compressed by itself, so that a stream that waits needs no memory for it (a watcher may
// wait for hours), and so that a piece for many streams is compressed once. What a piece says goes out with it.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/content_encoding.h"
#include "http/output_queue.h"

namespace omashu::http {

// With gzip or zstd. From any thread.
std::string compressed(std::string_view body, ContentEncoding encoding);

// The encoded body of one stream. gzip: one member (RFC 1952) whose blocks look back no further than their piece.
// zstd: a frame for each piece (RFC 8878).
class StreamCompressor {
 public:
  explicit StreamCompressor(ContentEncoding encoding) : encoding_(encoding) {}

  ContentEncoding encoding() const { return encoding_; }

  // A piece on its way: compressed by encode(), from any thread, and then added in its order.
  struct Encoded {
    Piece piece;
    uint32_t checksum = 0;  // of what it was
    uint64_t size = 0;
  };
  Encoded encode(Piece piece) const;

  std::string begin() const;  // what stands before the first piece
  Piece add(Encoded encoded);
  std::string end() const;  // what stands behind the last

 private:
  ContentEncoding encoding_;
  uint32_t checksum_ = 0;
  uint64_t size_ = 0;
};

}  // namespace omashu::http
