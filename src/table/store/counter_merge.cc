#include "table/store/counter_merge.h"

#include "table/store/rocks_options.h"
#include "table/store/store_format.h"

namespace omashu::table {

namespace {

// Bytes that are no counter make the sum fail, and RocksDB reports that as corruption to whoever reads the counter.
class CounterMerge : public rocksdb::AssociativeMergeOperator {
 public:
  bool Merge(const rocksdb::Slice&, const rocksdb::Slice* existing, const rocksdb::Slice& operand, std::string* sum,
             rocksdb::Logger*) const override {
    const auto before = existing != nullptr ? decode_counter(view_of(*existing)) : 0;
    const auto change = decode_counter(view_of(operand));
    if (!before || !change) return false;
    *sum = encode_counter(static_cast<int64_t>(static_cast<uint64_t>(*before) + static_cast<uint64_t>(*change)));
    return true;
  }

  const char* Name() const override { return "omashu.counter"; }
};

class ZeroCounterFilter : public rocksdb::CompactionFilter {
 public:
  bool Filter(int, const rocksdb::Slice& key, const rocksdb::Slice& value, std::string*, bool*) const override {
    return !key.empty() && key[0] == kCounterPrefix && decode_counter(view_of(value)) == 0;
  }

  const char* Name() const override { return "omashu.zero_counter"; }
};

}  // namespace

std::shared_ptr<rocksdb::MergeOperator> counter_merge() { return std::make_shared<CounterMerge>(); }

const rocksdb::CompactionFilter* zero_counter_filter() {
  static const ZeroCounterFilter filter;
  return &filter;
}

}  // namespace omashu::table
