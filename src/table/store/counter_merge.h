// Counters in RocksDB: what is merged into a counter is added to it.

#pragma once

#include <rocksdb/compaction_filter.h>
#include <rocksdb/merge_operator.h>

#include <memory>

namespace omashu::table {

std::shared_ptr<rocksdb::MergeOperator> counter_merge();

// Lets compactions drop counters that came back to zero: absent means the same. Lives as long as the program.
const rocksdb::CompactionFilter* zero_counter_filter();

}  // namespace omashu::table
