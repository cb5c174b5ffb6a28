#include "table/store/store_memory.h"

#include <algorithm>

#include "table/store/rocks_options.h"

namespace omashu::table {

namespace {

std::shared_ptr<rocksdb::Cache> make_cache(size_t bytes, double high_priority_share) {
  rocksdb::LRUCacheOptions options;
  options.capacity = bytes;
  options.num_shard_bits = 4;
  options.high_pri_pool_ratio = high_priority_share;
  return rocksdb::NewLRUCache(options);
}

StoreMemory::Parts make_parts(size_t max_bytes) {
  const size_t for_rows = max_bytes / 5;
  StoreMemory::Parts parts{.cache = make_cache(max_bytes - for_rows, 0.3),  // for indexes and filters
                           .rows = make_cache(for_rows, 0),
                           .write_buffers = nullptr};
  // Changes that wait for the disk may take a half; then the oldest are flushed.
  parts.write_buffers = std::make_shared<rocksdb::WriteBufferManager>(max_bytes / 2, parts.cache);
  return parts;
}

}  // namespace

StoreMemory::StoreMemory(size_t max_bytes)
    : max_bytes_(std::max(max_bytes, kMinBytes)), parts_(std::make_unique<const Parts>(make_parts(max_bytes_))) {}

StoreMemory::~StoreMemory() = default;

uint64_t StoreMemory::used_bytes() const { return parts_->cache->GetUsage() + parts_->rows->GetUsage(); }

}  // namespace omashu::table
