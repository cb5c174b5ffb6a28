// A batch of changes as what RocksDB is told.
//
// Rows and index entries are written in the order of their keys: then most find their place in memory beside the one
// before.

#pragma once

#include <rocksdb/write_batch.h>

#include <vector>

#include "table/store/table_store.h"

namespace omashu::table {

// The rows of a batch by their keys.
std::vector<const RowChange*> rows_by_key(const ChangeBatch& batch);

// Everything of the batch but the number of live rows. `rows` are the batch's by their keys.
rocksdb::WriteBatch write_batch_of(const ChangeBatch& batch, const std::vector<const RowChange*>& rows);

}  // namespace omashu::table
