// What a store and its snapshots share: RocksDB in a folder that no other process may use.
//
//   FOLDER/.lock      held while the store or a snapshot of it lives
//   FOLDER/rocksdb    RocksDB's files
//   FOLDER/arriving   a file that is written for RocksDB, which then takes it over
//   FOLDER/discarded  files that are being removed
//   FOLDER/damaged    a file: what was read did not make sense, so the next open starts empty

#pragma once

#include <rocksdb/db.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "base/folder_lock.h"
#include "omashu/result.h"
#include "table/store/store_memory.h"
#include "table/store/table_store.h"

namespace omashu::table {

// A failure of RocksDB, but for Incomplete: kCorrupt, kUnavailable where there is no space left, or kIo.
Error store_error(const rocksdb::Status& status, const std::string& folder, const char* action);

class StoreDatabase {
 public:
  // Of this identity, or empty: then `emptied_because` says why what was there is gone, if something was. `env` is the
  // machine where it is absent.
  static Result<std::shared_ptr<StoreDatabase>> open(const StoreOptions& options, const StoreIdentity& identity,
                                                     rocksdb::Env* env);
  ~StoreDatabase();

  rocksdb::DB& rocks() const { return *rocks_; }
  const StoreMemory& memory() const { return *memory_; }
  const std::string& folder() const { return folder_; }
  std::string arriving_file() const { return folder_ + "/arriving"; }
  const std::optional<std::string>& emptied_because() const { return emptied_because_; }

  // As store_error(), and remembers in the folder that it is damaged, where it is.
  std::unexpected<Error> fail_with(const rocksdb::Status& status, const char* action) const;

 private:
  StoreDatabase(std::string folder, FolderLock lock, std::shared_ptr<StoreMemory> memory)
      : folder_(std::move(folder)), lock_(std::move(lock)), memory_(std::move(memory)) {}

  std::string rocks_folder() const { return folder_ + "/rocksdb"; }
  std::string damage_file() const { return folder_ + "/damaged"; }
  rocksdb::Status open_rocks(rocksdb::Env* env);
  // Why the content cannot be used, if there is one.
  Result<std::optional<std::string>> find_fault(const std::string& identity) const;
  Result<void> start_empty(const std::string& identity, rocksdb::Env* env);
  Result<void> discard();

  const std::string folder_;
  const FolderLock lock_;
  const std::shared_ptr<StoreMemory> memory_;
  std::unique_ptr<rocksdb::DB> rocks_;
  std::optional<std::string> emptied_because_;
  mutable std::atomic<bool> is_damaged_ = false;
};

}  // namespace omashu::table
