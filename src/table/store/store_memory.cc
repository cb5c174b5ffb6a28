#include "table/store/store_memory.h"

#include <algorithm>

#include "table/store/rocks_options.h"

namespace omashu::table {

namespace {

StoreMemory::Parts make_parts(size_t max_bytes) {
  rocksdb::LRUCacheOptions options;
  options.capacity = max_bytes;
  options.num_shard_bits = 4;
  options.high_pri_pool_ratio = 0.3;  // indexes and filters
  auto cache = rocksdb::NewLRUCache(options);
  // Changes that wait for the disk may take a half; then the oldest are flushed.
  auto write_buffers = std::make_shared<rocksdb::WriteBufferManager>(max_bytes / 2, cache);
  return {.cache = std::move(cache), .write_buffers = std::move(write_buffers)};
}

}  // namespace

StoreMemory::StoreMemory(size_t max_bytes)
    : max_bytes_(std::max(max_bytes, kMinBytes)), parts_(std::make_unique<const Parts>(make_parts(max_bytes_))) {}

StoreMemory::~StoreMemory() = default;

uint64_t StoreMemory::used_bytes() const { return parts_->cache->GetUsage(); }

}  // namespace omashu::table
