// The frames in a stream of bytes: an int32 of their size, then so many bytes. It opens no socket: bytes are put into
// its space, and frames are looked at in place, without a copy.
//
// Invariants: nothing is allocated for bytes that have only been announced: the buffer doubles as they come. A frame is
// good until the next call.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "omashu/result.h"

namespace omashu::broker {

class FrameReader {
 public:
  explicit FrameReader(uint32_t max_frame_bytes) : max_frame_bytes_(max_frame_bytes) {}

  // Where the next bytes go: never empty, after next() has given nothing.
  std::span<char> space();
  void filled(size_t count) { end_ += count; }

  // The next whole frame, without its size; nothing where it has not come yet. An error where its size cannot be: below
  // zero, or above the bound.
  Result<std::optional<std::span<char>>> next();

  // Whether a frame has begun to come; its bytes with those of its size, as far as that has come; how many have come.
  bool is_within_frame() const { return begin_ != end_; }
  size_t frame_bytes() const;
  size_t received_bytes() const { return end_ - begin_; }

  // Bytes of memory that are held; release() gives up what is not needed.
  size_t capacity() const { return capacity_; }
  void release();

 private:
  const uint32_t max_frame_bytes_;
  std::unique_ptr<char[]> buffer_;
  size_t capacity_ = 0;
  size_t begin_ = 0;  // of what has not been given out
  size_t end_ = 0;    // of what has come
};

}  // namespace omashu::broker
