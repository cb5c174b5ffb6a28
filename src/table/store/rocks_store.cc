#include "table/store/rocks_store.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "base/mutex.h"
#include "table/store/change_writer.h"
#include "table/store/rocks_options.h"
#include "table/store/rocks_snapshot.h"
#include "table/store/seen_keys.h"
#include "table/store/store_database.h"
#include "table/store/store_format.h"

namespace omashu::table {

namespace {

constexpr size_t kSeenKeysShare = 8;  // of the memory, while a table is restored
constexpr uint64_t kMaxLevel0Files = 96;

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
  void begin_restore() override;
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

  bool has_rows() const;
  void publish();
  // The keys' numbers in their order, without those that are new for sure.
  std::vector<size_t> to_look_up(std::span<const std::string_view> keys) const;
  // After a failure of the disk, RocksDB refuses to write until it is told to try again.
  rocksdb::Status write(rocksdb::WriteBatch& changes);
  // Makes a file of the batch, which RocksDB takes over. Where that fails nothing has changed.
  bool add_as_file(const ChangeBatch& batch, const std::vector<const RowChange*>& rows,
                   std::optional<int64_t> live_rows);

  const std::shared_ptr<const StoreDatabase> database_;
  StoreCounts counts_;               // the writer's, as
  bool must_not_add_files_ = false;  // since one could not be added
  mutable Mutex seen_mutex_;
  std::unique_ptr<SeenKeys> seen_ GUARDED_BY(seen_mutex_);  // of a restore that began with an empty store
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

bool RocksStore::add_as_file(const ChangeBatch& batch, const std::vector<const RowChange*>& rows,
                             std::optional<int64_t> live_rows) {
  // After a failure of the disk RocksDB may take a file without a number, and ends the process.
  if (must_not_add_files_ || property("rocksdb.background-errors") > 0) return false;
  // RocksDB makes only those wait for its compactions who write to its memory.
  std::string level_0;
  if (!rocks().GetProperty(rocksdb::DB::Properties::kNumFilesAtLevelPrefix + "0", &level_0)) return false;
  if (std::strtoull(level_0.c_str(), nullptr, 10) >= kMaxLevel0Files) return false;
  // What was applied before must not be lost where this is kept.
  if (property("rocksdb.num-entries-active-mem-table") + property("rocksdb.num-immutable-mem-table") > 0 &&
      (!flush() || property("rocksdb.background-errors") > 0)) {
    return false;
  }
  const std::string path = database_->arriving_file();
  // A crash may have left it, as another name of a file that RocksDB has: it must not be written over.
  (void)rocks().GetEnv()->DeleteFile(path);
  auto status = write_file_of(batch, rows, live_rows, rocks().GetOptions(), path);
  if (status.ok()) {
    rocksdb::IngestExternalFileOptions options;
    options.move_files = true;
    options.write_global_seqno = false;
    status = rocks().IngestExternalFile({path}, options);
  }
  if (status.ok()) return true;
  must_not_add_files_ = true;
  (void)rocks().GetEnv()->DeleteFile(path);
  return false;
}

Result<void> RocksStore::apply(const ChangeBatch& batch) {
  const std::vector<const RowChange*> rows = rows_by_key(batch);
  StoreCounts counts = counts_;
  for (const RowChange* row : rows) counts.live_rows += row->live;
  for (const auto& [partition, offset] : batch.next_offsets) counts.next_offsets[partition] = offset;
  {
    const MutexLock lock(seen_mutex_);
    if (seen_ != nullptr) {
      for (const RowChange* row : rows) seen_->add(row->key);
    }
  }
  const auto live_rows =
      counts.live_rows == counts_.live_rows ? std::nullopt : std::optional<int64_t>(counts.live_rows);
  if (!batch.is_bulk || !add_as_file(batch, rows, live_rows)) {
    rocksdb::WriteBatch changes = write_batch_of(batch, rows, live_rows);
    if (const auto status = write(changes); !status.ok()) return database_->fail_with(status, "change");
  }
  counts_ = std::move(counts);
  publish();
  return {};
}

std::vector<size_t> RocksStore::to_look_up(std::span<const std::string_view> keys) const {
  std::vector<size_t> numbers;
  numbers.reserve(keys.size());
  {
    const MutexLock lock(seen_mutex_);
    for (size_t i = 0; i < keys.size(); ++i) {
      if (seen_ == nullptr || seen_->may_contain(keys[i])) numbers.push_back(i);
    }
  }
  const auto key_of = [&](size_t i) { return keys[i]; };
  if (!std::ranges::is_sorted(numbers, {}, key_of)) std::ranges::sort(numbers, {}, key_of);
  return numbers;
}

Result<std::vector<std::optional<std::string>>> RocksStore::get_many(std::span<const std::string_view> keys) const {
  std::vector<std::optional<std::string>> rows(keys.size());
  const std::vector<size_t> numbers = to_look_up(keys);
  if (numbers.empty()) return rows;
  std::vector<std::string> stored(numbers.size());
  std::vector<rocksdb::Slice> slices(numbers.size());
  for (size_t i = 0; i < numbers.size(); ++i) {
    stored[i] = row_key(keys[numbers[i]]);
    slices[i] = stored[i];
  }
  std::vector<rocksdb::PinnableSlice> found(numbers.size());
  std::vector<rocksdb::Status> statuses(numbers.size());
  rocks().MultiGet({}, rocks().DefaultColumnFamily(), numbers.size(), slices.data(), found.data(), statuses.data(),
                   true);
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (statuses[i].ok()) {
      rows[numbers[i]] = view_of(found[i]);
    } else if (!statuses[i].IsNotFound()) {
      return database_->fail_with(statuses[i], "read");
    }
  }
  return rows;
}

bool RocksStore::has_rows() const {
  const std::unique_ptr<rocksdb::Iterator> at(rocks().NewIterator({}));
  at->Seek({&kRowPrefix, 1});
  return !at->status().ok() || (at->Valid() && at->key().starts_with({&kRowPrefix, 1}));
}

void RocksStore::begin_restore() {
  (void)rocks().SetOptions(restore_options());
  if (has_rows()) return;
  const MutexLock lock(seen_mutex_);
  seen_ = std::make_unique<SeenKeys>(database_->memory().max_bytes() / kSeenKeysShare);
}

Result<void> RocksStore::flush() {
  rocksdb::FlushOptions options;
  options.allow_write_stall = true;
  for (bool may_resume = true;;) {
    auto status = rocks().Flush(options);
    if (!status.ok() && may_resume && !status.IsCorruption() && rocks().Resume().ok()) {
      may_resume = false;
      continue;
    }
    if (!status.ok()) return database_->fail_with(status, "flush");
    // After a failure that has passed, RocksDB's Flush() comes back before everything is on the disk.
    if (property("rocksdb.num-immutable-mem-table") == 0) return {};
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

Result<void> RocksStore::end_restore() {
  {
    const MutexLock lock(seen_mutex_);
    seen_.reset();
  }
  (void)rocks().SetOptions(serving_options());
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
