// Memory for what one datum decodes to: given out in order, taken back all at once, kept for the next datum.

#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace omashu::avro {

class Arena {
 public:
  // What one datum may use: a few bytes of data can stand for many slots.
  static constexpr size_t kMaxBytes = size_t{1} << 30;

  // 16-byte aligned; nullptr beyond kMaxBytes. Valid until reset().
  void* allocate(size_t size) {
    size = (size + 15) & ~size_t{15};
    if (static_cast<size_t>(limit_ - next_) < size) [[unlikely]] {
      return allocate_chunk(size);
    }
    char* memory = next_;
    next_ += size;
    return memory;
  }

  void reset() {
    used_chunks_ = 0;
    used_bytes_ = 0;
    if (chunks_.empty()) return;
    use(chunks_[used_chunks_++]);
  }

 private:
  struct Chunk {
    std::unique_ptr<char[]> memory;
    size_t size = 0;
  };

  void* allocate_chunk(size_t size);
  void use(Chunk& chunk) {
    used_bytes_ += chunk.size;
    next_ = chunk.memory.get();
    limit_ = next_ + chunk.size;
  }

  std::vector<Chunk> chunks_;
  size_t used_chunks_ = 0;  // chunks from here on are free
  size_t used_bytes_ = 0;   // of the chunks in use
  char* next_ = nullptr;
  char* limit_ = nullptr;
};

}  // namespace omashu::avro
