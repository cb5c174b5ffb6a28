#include "table/store/rocks_store.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "base/mutex.h"
#include "table/store/rocks_options.h"
#include "table/store/rocks_snapshot.h"
#include "table/store/store_database.h"
#include "table/store/store_format.h"

namespace omashu::table {

namespace {

class RocksStore final : public TableStore {
 public:
  RocksStore(std::shared_ptr<const StoreDatabase> database, StoreCounts counts)
      : database_(std::move(database)), counts_(std::move(counts)) {
    publish();
  }
  ~RocksStore() override { (void)flush(); }

  const std::optional<std::string>& emptied_because() const override { return database_->emptied_because(); }

  Result<std::optional<std::string>> get(std::string_view key, Reach reach) const override {
    return read_bytes(*database_, nullptr, row_key(key), reach);
  }
  Result<std::vector<std::optional<std::string>>> get_many(std::span<const std::string_view> keys) const override;

  Result<void> apply(const ChangeBatch& batch) override;
  std::shared_ptr<const StoreSnapshot> snapshot() const override {
    const MutexLock lock(mutex_);
    return last_;
  }

  Result<void> flush() override;
  void begin_restore() override { (void)rocks().SetOptions(restore_options(database_->memory())); }
  Result<void> end_restore() override;

  uint64_t memory_bytes() const override { return property("rocksdb.cur-size-all-mem-tables"); }
  uint64_t disk_bytes() const override { return property("rocksdb.total-sst-files-size"); }

 private:
  rocksdb::DB& rocks() const { return database_->rocks(); }
  uint64_t property(const char* name) const {
    uint64_t value = 0;
    rocks().GetIntProperty(name, &value);
    return value;
  }

  void publish();
  // After a failure of the disk, RocksDB refuses to write until it is told to try again.
  rocksdb::Status write(rocksdb::WriteBatch& changes);

  const std::shared_ptr<const StoreDatabase> database_;
  StoreCounts counts_;  // the writer's
  mutable Mutex mutex_;
  std::shared_ptr<const RocksSnapshot> last_ GUARDED_BY(mutex_);
};

void RocksStore::publish() {
  auto snapshot = std::make_shared<const RocksSnapshot>(database_, counts_);
  const MutexLock lock(mutex_);
  last_.swap(snapshot);
}

rocksdb::Status RocksStore::write(rocksdb::WriteBatch& changes) {
  auto status = rocks().Write(no_log(), &changes);
  if (status.ok() || status.IsCorruption() || !rocks().Resume().ok()) return status;
  return rocks().Write(no_log(), &changes);
}

Result<void> RocksStore::apply(const ChangeBatch& batch) {
  rocksdb::WriteBatch changes;
  StoreCounts counts = counts_;
  std::unordered_map<std::string, int64_t> counters;
  std::string entry;
  for (const RowChange& row : batch.rows) {
    const std::string key = row_key(row.key);
    if (row.row) {
      changes.Put(key, *row.row);
    } else {
      changes.Delete(key);
    }
    counts.live_rows += row.live;
    for (const auto& [index, before, after] : row.indexes) {
      for (const auto& [value, change] : {std::pair(&before, -1), std::pair(&after, 1)}) {
        if (!*value) continue;
        entry.clear();
        append_index_entry(entry, index, **value, row.key);
        if (change < 0) {
          changes.Delete(entry);
        } else {
          changes.Put(entry, {});
        }
        counters[counter_key(index, **value)] += change;
      }
    }
  }
  for (const auto& [key, change] : counters) {
    if (change != 0) changes.Merge(key, encode_counter(change));
  }
  for (const auto& [name, note] : batch.notes) {
    if (note) {
      changes.Put(note_key(name), *note);
    } else {
      changes.Delete(note_key(name));
    }
  }
  for (const auto& [partition, offset] : batch.next_offsets) {
    counts.next_offsets[partition] = offset;
    changes.Put(next_offset_key(partition), encode_counter(offset));
  }
  if (counts.live_rows != counts_.live_rows) changes.Put(slice_of(kLiveRowsKey), encode_counter(counts.live_rows));
  if (const auto status = write(changes); !status.ok()) return database_->fail_with(status, "change");
  counts_ = std::move(counts);
  publish();
  return {};
}

Result<std::vector<std::optional<std::string>>> RocksStore::get_many(std::span<const std::string_view> keys) const {
  // In their order, neighbours are looked up together.
  std::vector<size_t> order(keys.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, {}, [&](size_t i) { return keys[i]; });
  std::vector<std::string> stored(keys.size());
  std::vector<rocksdb::Slice> slices(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    stored[i] = row_key(keys[order[i]]);
    slices[i] = stored[i];
  }
  std::vector<rocksdb::PinnableSlice> found(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  rocks().MultiGet({}, rocks().DefaultColumnFamily(), keys.size(), slices.data(), found.data(), statuses.data(), true);
  std::vector<std::optional<std::string>> rows(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].ok()) {
      rows[order[i]] = view_of(found[i]);
    } else if (!statuses[i].IsNotFound()) {
      return database_->fail_with(statuses[i], "read");
    }
  }
  return rows;
}

Result<void> RocksStore::flush() {
  rocksdb::FlushOptions options;
  options.allow_write_stall = true;
  auto status = rocks().Flush(options);
  if (!status.ok() && !status.IsCorruption() && rocks().Resume().ok()) status = rocks().Flush(options);
  if (!status.ok()) return database_->fail_with(status, "flush");
  return {};
}

Result<void> RocksStore::end_restore() {
  (void)rocks().SetOptions(serving_options(database_->memory()));
  return flush();
}

}  // namespace

Result<std::unique_ptr<TableStore>> open_rocks_store(const StoreOptions& options, const StoreIdentity& identity,
                                                     rocksdb::Env* env) {
  auto database = StoreDatabase::open(options, identity, env);
  if (!database) return fail(std::move(database.error()));
  auto counts = read_counts(**database);
  if (!counts && counts.error().code == ErrorCode::kCorrupt) {
    database->reset();  // frees the folder; what was found is remembered in it
    database = StoreDatabase::open(options, identity, env);
    if (!database) return fail(std::move(database.error()));
    counts = read_counts(**database);
  }
  if (!counts) return fail(std::move(counts.error()));
  return std::make_unique<RocksStore>(*std::move(database), *std::move(counts));
}

Result<std::unique_ptr<TableStore>> TableStore::open(const StoreOptions& options, const StoreIdentity& identity) {
  return open_rocks_store(options, identity, nullptr);
}

}  // namespace omashu::table
