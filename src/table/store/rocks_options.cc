#include "table/store/rocks_options.h"

#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <thread>

#include "table/store/counter_merge.h"

namespace omashu::table {

namespace {

constexpr size_t kBlockBytes = 4 * 1024;
constexpr double kBloomBitsPerKey = 10;
constexpr int kMaxOpenFiles = 256;
constexpr size_t kMaxSuccessiveMerges = 16;
constexpr int kWriteBuffers = 4;  // one is written to, the others wait for the disk

// After a failure of the disk apply() and flush() try again, and not a thread of RocksDB's every few seconds, beside
// which they could not.
class NoRecovery : public rocksdb::EventListener {
 public:
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status, bool* auto_recovery) override {
    *auto_recovery = false;
  }
};

// An eighth of the memory, and no more than what a flush writes in a moment.
size_t write_buffer_bytes(const StoreMemory& memory) {
  return std::clamp<size_t>(memory.max_bytes() / 8, 1u << 20, 32u << 20);
}

rocksdb::BlockBasedTableOptions block_options(const StoreMemory& memory) {
  rocksdb::BlockBasedTableOptions options;
  options.block_cache = memory.parts().cache;
  options.block_size = kBlockBytes;
  options.format_version = 5;
  options.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  // Indexes and filters are parts of the cache, in pieces of a block, so that they count and can be put out.
  options.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  options.partition_filters = true;
  options.cache_index_and_filter_blocks = true;
  options.cache_index_and_filter_blocks_with_high_priority = true;
  options.pin_top_level_index_and_filter = true;
  options.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  return options;
}

}  // namespace

rocksdb::WriteOptions no_log() {
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  return options;
}

rocksdb::Options rocks_options(const StoreMemory& memory) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(block_options(memory)));
  options.merge_operator = counter_merge();
  options.compaction_filter = zero_counter_filter();
  options.max_successive_merges = kMaxSuccessiveMerges;  // reading a counter never adds up more changes than this

  options.write_buffer_manager = memory.parts().write_buffers;
  options.write_buffer_size = write_buffer_bytes(memory);
  options.max_write_buffer_number = kWriteBuffers;
  options.memtable_whole_key_filtering = true;
  options.memtable_prefix_bloom_size_ratio = 0.05;
  options.allow_concurrent_memtable_write = false;  // there is one writer
  // Rows and entries of a batch come in their order, so the place of one is near that of the one before.
  options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(1));

  options.row_cache = memory.parts().rows;

  options.level_compaction_dynamic_level_bytes = true;
  options.target_file_size_base = 32u << 20;
  options.max_bytes_for_level_base = 128u << 20;
  options.compression = rocksdb::kLZ4Compression;
  options.max_background_jobs = std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 2, 8);
  options.bytes_per_sync = 1u << 20;

  options.max_open_files = kMaxOpenFiles;
  options.max_file_opening_threads = 1;  // 16 threads would open the few files that are looked at at the start
  options.max_bgerror_resume_count = 0;
  options.listeners.push_back(std::make_shared<NoRecovery>());
  options.ttl = 0;  // no compaction for age alone
  options.periodic_compaction_seconds = 0;
  options.skip_stats_update_on_db_open = true;
  options.avoid_unnecessary_blocking_io = true;
  options.stats_dump_period_sec = 0;  // each of these two would start a thread
  options.stats_persist_period_sec = 0;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  options.keep_log_file_num = 2;
  options.max_log_file_size = 1u << 20;
  return options;
}

std::unordered_map<std::string, std::string> restore_options() {
  return {{"level0_file_num_compaction_trigger", "32"},
          {"level0_slowdown_writes_trigger", "64"},
          {"level0_stop_writes_trigger", "128"}};
}

std::unordered_map<std::string, std::string> serving_options() {
  return {{"level0_file_num_compaction_trigger", "4"},
          {"level0_slowdown_writes_trigger", "64"},
          {"level0_stop_writes_trigger", "128"}};
}

}  // namespace omashu::table
