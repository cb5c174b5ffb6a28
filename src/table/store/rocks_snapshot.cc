#include "table/store/rocks_snapshot.h"

#include <functional>

#include "table/store/rocks_options.h"
#include "table/store/store_format.h"

namespace omashu::table {

namespace {

// Visits the entries within bounds in their order or its opposite, until `visit` returns false or fails.
Result<void> iterate(const StoreDatabase& database, const rocksdb::Snapshot* snapshot, const KeyBounds& bounds,
                     bool descending,
                     const std::function<Result<bool>(std::string_view key, std::string_view value)>& visit) {
  if (bounds.from >= bounds.to) return {};
  const rocksdb::Slice from = slice_of(bounds.from), to = slice_of(bounds.to);
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  options.iterate_lower_bound = &from;
  options.iterate_upper_bound = &to;
  const std::unique_ptr<rocksdb::Iterator> at(database.rocks().NewIterator(options));
  for (descending ? at->SeekToLast() : at->SeekToFirst(); at->Valid(); descending ? at->Prev() : at->Next()) {
    const auto goes_on = visit(view_of(at->key()), view_of(at->value()));
    if (!goes_on) return fail(goes_on.error());
    if (!*goes_on) return {};
  }
  if (!at->status().ok()) return database.fail_with(at->status(), "read");
  return {};
}

}  // namespace

Result<std::optional<std::string>> read_bytes(const StoreDatabase& database, const rocksdb::Snapshot* snapshot,
                                              std::string_view key, Reach reach) {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  if (reach == Reach::kMemory) options.read_tier = rocksdb::kBlockCacheTier;
  rocksdb::PinnableSlice found;
  const auto status = database.rocks().Get(options, database.rocks().DefaultColumnFamily(), slice_of(key), &found);
  if (status.ok()) return std::string(view_of(found));
  if (status.IsNotFound()) return std::nullopt;
  if (status.IsIncomplete()) return fail(ErrorCode::kUnavailable, "the row is not in memory");
  return database.fail_with(status, "read");
}

Result<StoreCounts> read_counts(const StoreDatabase& database) {
  const auto corrupt = [&](const char* what) { return database.fail_with(rocksdb::Status::Corruption(what), "read"); };
  StoreCounts counts;
  const auto live = read_bytes(database, nullptr, kLiveRowsKey, Reach::kDisk);
  if (!live) return fail(live.error());
  if (*live) {
    const auto rows = decode_counter(**live);
    if (!rows) return corrupt("the number of rows");
    counts.live_rows = *rows;
  }
  const auto read = iterate(database, nullptr, bounds_of({&kNextOffsetPrefix, 1}), false,
                            [&](std::string_view key, std::string_view value) -> Result<bool> {
                              const auto partition = parse_next_offset_key(key);
                              const auto offset = decode_counter(value);
                              if (!partition || !offset) return corrupt("a position");
                              counts.next_offsets[*partition] = *offset;
                              return true;
                            });
  if (!read) return fail(read.error());
  return counts;
}

RocksSnapshot::RocksSnapshot(std::shared_ptr<const StoreDatabase> database, StoreCounts counts)
    : database_(std::move(database)), snapshot_(database_->rocks().GetSnapshot()), counts_(std::move(counts)) {}

RocksSnapshot::~RocksSnapshot() { database_->rocks().ReleaseSnapshot(snapshot_); }

Result<std::optional<std::string>> RocksSnapshot::get(std::string_view key, Reach reach) const {
  return read_bytes(*database_, snapshot_, row_key(key), reach);
}

Result<std::optional<std::string>> RocksSnapshot::note(std::string_view name) const {
  return read_bytes(*database_, snapshot_, note_key(name), Reach::kDisk);
}

Result<void> RocksSnapshot::scan(const Range& keys, bool descending, const VisitRow& visit) const {
  return iterate(*database_, snapshot_, row_bounds(keys), descending,
                 [&](std::string_view key, std::string_view row) -> Result<bool> { return visit(key.substr(1), row); });
}

Result<void> RocksSnapshot::scan_index(size_t index, const Range& values, bool descending,
                                       const std::optional<std::pair<std::string, std::string>>& after,
                                       const VisitEntry& visit) const {
  KeyBounds bounds = index_bounds(index, values);
  if (after) {
    std::string seen;
    append_index_entry(seen, index, after->first, after->second);
    if (descending) {
      bounds.to = std::min(bounds.to, seen);
    } else {
      seen += '\0';  // the next key that there can be
      bounds.from = std::max(bounds.from, seen);
    }
  }
  return iterate(*database_, snapshot_, bounds, descending,
                 [&](std::string_view bytes, std::string_view) -> Result<bool> {
                   const auto entry = parse_index_entry(bytes);
                   if (!entry) return database_->fail_with(rocksdb::Status::Corruption("an index entry"), "read");
                   return visit(entry->value, entry->key);
                 });
}

Result<std::vector<ValueCount>> RocksSnapshot::counts(size_t index) const {
  std::vector<ValueCount> counts;
  const std::string prefix = counter_key(index, "");
  const auto read = iterate(*database_, snapshot_, bounds_of(prefix), false,
                            [&](std::string_view key, std::string_view value) -> Result<bool> {
                              const auto count = decode_counter(value);
                              if (!count) return database_->fail_with(rocksdb::Status::Corruption("a counter"), "read");
                              key.remove_prefix(prefix.size());
                              if (*count != 0) counts.push_back({.value = std::string(key), .count = *count});
                              return true;
                            });
  if (!read) return fail(read.error());
  return counts;
}

}  // namespace omashu::table
