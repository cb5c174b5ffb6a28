// A batch of changes as what RocksDB is told: in memory, or as a file of its own.
//
// Both are written in the order of keys. In memory most find their place beside the one before; in a file they must.

#pragma once

#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "table/store/table_store.h"

namespace omashu::table {

// The rows of a batch by their keys.
std::vector<const RowChange*> rows_by_key(const ChangeBatch& batch);

// `rows` are the batch's by their keys; `live_rows` is how many there are then, where that is another number.
rocksdb::WriteBatch write_batch_of(const ChangeBatch& batch, const std::vector<const RowChange*>& rows,
                                   std::optional<int64_t> live_rows);

// The same as a file that RocksDB can take over. It is on the disk when this returns.
rocksdb::Status write_file_of(const ChangeBatch& batch, const std::vector<const RowChange*>& rows,
                              std::optional<int64_t> live_rows, const rocksdb::Options& options,
                              const std::string& path);

}  // namespace omashu::table
