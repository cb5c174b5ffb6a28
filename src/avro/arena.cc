#include "avro/arena.h"

#include <algorithm>
#include <utility>

namespace omashu::avro {

namespace {

constexpr size_t kChunkBytes = size_t{64} << 10;

}  // namespace

void* Arena::allocate_chunk(size_t size) {
  if (size > kMaxBytes - used_bytes_) return nullptr;
  // A chunk that is left from before and too small is replaced, so that memory does not grow from datum to datum.
  if (used_chunks_ == chunks_.size()) chunks_.emplace_back();
  Chunk& chunk = chunks_[used_chunks_];
  if (chunk.size < size) {
    chunk.size = std::max(kChunkBytes, size);
    chunk.memory = std::make_unique_for_overwrite<char[]>(chunk.size);
  }
  ++used_chunks_;
  use(chunk);
  return std::exchange(next_, next_ + size);
}

}  // namespace omashu::avro
