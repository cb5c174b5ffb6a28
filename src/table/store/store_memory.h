// The memory that all stores of a process share: one bound for the blocks that were read and the changes that are not
// on the disk yet. Thread-safe.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace omashu::table {

class StoreMemory {
 public:
  static constexpr size_t kDefaultBytes = 256u << 20;
  static constexpr size_t kMinBytes = 8u << 20;  // less is taken for this

  explicit StoreMemory(size_t max_bytes = kDefaultBytes);
  ~StoreMemory();

  size_t max_bytes() const { return max_bytes_; }
  uint64_t used_bytes() const;

  // RocksDB's cache and write-buffer manager, for the stores.
  struct Parts;
  const Parts& parts() const { return *parts_; }

 private:
  const size_t max_bytes_;
  const std::unique_ptr<const Parts> parts_;
};

}  // namespace omashu::table
