// The TableStore over RocksDB, with the disk that tests put in the machine's place.

#pragma once

#include <memory>

#include "table/store/table_store.h"

namespace rocksdb {
class Env;
}

namespace omashu::table {

// As TableStore::open(); `env` must outlive the store and its snapshots, and is the machine where it is null.
Result<std::unique_ptr<TableStore>> open_rocks_store(const StoreOptions& options, const StoreIdentity& identity,
                                                     rocksdb::Env* env);

}  // namespace omashu::table
