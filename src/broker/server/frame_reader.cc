#include "broker/server/frame_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>

namespace omashu::broker {
namespace {

constexpr size_t kSizeBytes = 4;
constexpr size_t kMinCapacity = 4096;

int32_t load_size(const char* bytes) {
  uint32_t size = 0;
  for (size_t i = 0; i < kSizeBytes; ++i) size = size << 8 | static_cast<unsigned char>(bytes[i]);
  return static_cast<int32_t>(size);
}

}  // namespace

size_t FrameReader::frame_bytes() const {
  if (end_ - begin_ < kSizeBytes) return kSizeBytes;
  return kSizeBytes + static_cast<size_t>(load_size(buffer_.get() + begin_));
}

std::span<char> FrameReader::space() {
  if (begin_ == end_) begin_ = end_ = 0;
  const size_t held = end_ - begin_;
  const size_t missing = frame_bytes() - held;
  if (capacity_ - end_ < std::min(missing, kMinCapacity)) {
    // Twice what has come, so that each byte of a frame is copied twice at most on average, however large the frame is.
    const size_t wanted = held + std::min(missing, std::max(held, kMinCapacity));
    const size_t capacity = std::max({wanted, capacity_, kMinCapacity});
    if (capacity == capacity_) {
      std::memmove(buffer_.get(), buffer_.get() + begin_, held);
    } else {
      auto grown = std::make_unique_for_overwrite<char[]>(capacity);
      if (held > 0) std::memcpy(grown.get(), buffer_.get() + begin_, held);
      buffer_ = std::move(grown);
      capacity_ = capacity;
    }
    begin_ = 0;
    end_ = held;
  }
  return {buffer_.get() + end_, capacity_ - end_};
}

Result<std::optional<std::span<char>>> FrameReader::next() {
  if (end_ - begin_ < kSizeBytes) return std::nullopt;
  const int32_t size = load_size(buffer_.get() + begin_);
  if (size < 0 || static_cast<uint32_t>(size) > max_frame_bytes_) {
    return fail(ErrorCode::kCorrupt,
                fmt::format("a request of {} bytes is announced: at most {} are taken", size, max_frame_bytes_));
  }
  if (end_ - begin_ < frame_bytes()) return std::nullopt;
  const std::span<char> frame(buffer_.get() + begin_ + kSizeBytes, static_cast<size_t>(size));
  begin_ += kSizeBytes + frame.size();
  return frame;
}

void FrameReader::release() {
  if (begin_ != end_) return;
  buffer_.reset();
  capacity_ = begin_ = end_ = 0;
}

}  // namespace omashu::broker
