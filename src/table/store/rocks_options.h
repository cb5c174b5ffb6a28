// How the stores use RocksDB; docs/table-store.md says why.

#pragma once

#include <rocksdb/cache.h>
#include <rocksdb/options.h>
#include <rocksdb/write_buffer_manager.h>

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "table/store/store_memory.h"

namespace omashu::table {

struct StoreMemory::Parts {
  std::shared_ptr<rocksdb::Cache> cache;  // of blocks
  std::shared_ptr<rocksdb::Cache> rows;   // that were asked for: beside a row that is, a block has twenty that are not
  std::shared_ptr<rocksdb::WriteBufferManager> write_buffers;  // what they take is a part of the cache's size
};

// Kafka is the log: there is no write-ahead log of the store's own.
rocksdb::WriteOptions no_log();

rocksdb::Options rocks_options(const StoreMemory& memory);

// For SetOptions(): while a table is restored, and afterwards again.
std::unordered_map<std::string, std::string> restore_options();
std::unordered_map<std::string, std::string> serving_options();

inline rocksdb::Slice slice_of(std::string_view bytes) { return {bytes.data(), bytes.size()}; }
inline std::string_view view_of(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

}  // namespace omashu::table
