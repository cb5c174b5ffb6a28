#include "table/store/store_database.h"

#include <fmt/core.h>

#include <filesystem>
#include <fstream>
#include <system_error>

#include "base/json.h"
#include "base/thread_signals.h"
#include "table/store/rocks_options.h"
#include "table/store/store_format.h"

namespace omashu::table {

namespace {

namespace fs = std::filesystem;

std::string identity_text(const StoreIdentity& identity) {
  json::Value indexes = json::Value::array();
  for (const std::string& field : identity.indexes) indexes.append(json::Value(field));
  json::Value text = json::Value::object();
  text.add("format", json::Value(int64_t{kStoreFormatVersion}));
  text.add("topic", json::Value(identity.topic));
  text.add("topicId", json::Value(identity.topic_id));
  text.add("keySchema", json::Value(identity.key_schema));
  text.add("indexes", std::move(indexes));
  return json::to_text(text);
}

// A file that is gone is damage; the rest may be mended by whoever runs the machine.
bool is_machines_fault(const rocksdb::Status& status) {
  return (status.IsIOError() && !status.IsPathNotFound()) || status.IsNoSpace() || status.IsTimedOut() ||
         status.IsTryAgain() || status.IsBusy() || status.IsMemoryLimit();
}

std::unexpected<Error> fail_with_code(const std::string& path, const std::error_code& error) {
  return fail(ErrorCode::kIo, fmt::format("{}: {}", path, error.message()));
}

}  // namespace

Error store_error(const rocksdb::Status& status, const std::string& folder, const char* action) {
  ErrorCode code = ErrorCode::kIo;
  std::string advice;
  if (status.IsNoSpace()) {
    code = ErrorCode::kUnavailable;
    advice = ": there is no space left on the disk";
  } else if (status.IsCorruption()) {
    code = ErrorCode::kCorrupt;
  }
  return Error{code, fmt::format("{}: cannot {} the table{}: {}", folder, action, advice, status.ToString()), {}};
}

Result<std::shared_ptr<StoreDatabase>> StoreDatabase::open(const StoreOptions& options, const StoreIdentity& identity,
                                                           rocksdb::Env* env) {
  if (identity.indexes.size() > kMaxStoreIndexes) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("a table has at most {} indexes, not {}", kMaxStoreIndexes, identity.indexes.size()));
  }
  std::error_code error;
  fs::create_directories(options.folder, error);
  if (error) return fail_with_code(options.folder, error);
  auto lock = FolderLock::take(options.folder);
  if (!lock) return fail(std::move(lock.error()));
  auto memory = options.memory != nullptr ? options.memory : std::make_shared<StoreMemory>();
  const std::shared_ptr<StoreDatabase> database(new StoreDatabase(options.folder, *std::move(lock), std::move(memory)));

  const std::string wanted = identity_text(identity);
  std::optional<std::string> fault;
  if (fs::exists(database->damage_file(), error)) {
    fault = "it was damaged";
  } else if (const auto status = database->open_rocks(env); !status.ok()) {
    if (is_machines_fault(status)) return fail(store_error(status, options.folder, "open"));
    fault = fmt::format("it is damaged ({})", status.ToString());
  } else {
    auto found = database->find_fault(wanted);
    if (!found) return fail(std::move(found.error()));
    fault = *std::move(found);
  }
  if (fault) {
    if (auto emptied = database->start_empty(wanted, env); !emptied) return fail(std::move(emptied.error()));
    database->emptied_because_ = fmt::format("{}: {}; the table is read from the topic again", options.folder, *fault);
  }
  return database;
}

StoreDatabase::~StoreDatabase() {
  if (rocks_ != nullptr) (void)rocks_->Close();
}

rocksdb::Status StoreDatabase::open_rocks(rocksdb::Env* env) {
  rocksdb::Options options = rocks_options(*memory_);
  if (env != nullptr) options.env = env;
  const BlockedSignals blocked;  // its threads start now
  rocksdb::DB* rocks = nullptr;
  const auto status = rocksdb::DB::Open(options, rocks_folder(), &rocks);
  rocks_.reset(rocks);
  return status;
}

Result<std::optional<std::string>> StoreDatabase::find_fault(const std::string& identity) const {
  std::string found;
  const auto status = rocks_->Get({}, slice_of(kIdentityKey), &found);
  if (status.ok()) {
    if (found == identity) return std::nullopt;
    return fmt::format("it was made of {}, and the table is {}", found, identity);
  }
  if (!status.IsNotFound()) {
    if (is_machines_fault(status)) return fail(store_error(status, folder_, "open"));
    return fmt::format("it is damaged ({})", status.ToString());
  }
  // Nothing was ever flushed, or the files lost their table of contents.
  uint64_t bytes = 0;
  if (rocks_->GetIntProperty("rocksdb.total-sst-files-size", &bytes) && bytes > 0)
    return "it does not say what it is of";
  if (const auto written = rocks_->Put(no_log(), slice_of(kIdentityKey), identity); !written.ok()) {
    return fail(store_error(written, folder_, "open"));
  }
  return std::nullopt;
}

Result<void> StoreDatabase::start_empty(const std::string& identity, rocksdb::Env* env) {
  rocks_.reset();
  if (auto discarded = discard(); !discarded) return discarded;
  if (const auto status = open_rocks(env); !status.ok()) return fail(store_error(status, folder_, "open"));
  const auto fault = find_fault(identity);
  if (!fault) return fail(fault.error());
  if (*fault)
    return fail(ErrorCode::kInternal, fmt::format("{}: a table that was just made is no good: {}", folder_, **fault));
  return {};
}

// The folder gets another name first: what is removed in part would be found damaged.
Result<void> StoreDatabase::discard() {
  const std::string discarded = folder_ + "/discarded";
  std::error_code error;
  fs::remove_all(discarded, error);
  if (error) return fail_with_code(discarded, error);
  if (fs::exists(rocks_folder(), error)) {
    fs::rename(rocks_folder(), discarded, error);
    if (error) return fail_with_code(rocks_folder(), error);
  }
  fs::remove(damage_file(), error);
  if (error) return fail_with_code(damage_file(), error);
  fs::remove_all(discarded, error);
  if (error) return fail_with_code(discarded, error);
  return {};
}

std::unexpected<Error> StoreDatabase::fail_with(const rocksdb::Status& status, const char* action) const {
  Error error = store_error(status, folder_, action);
  if (error.code == ErrorCode::kCorrupt && !is_damaged_.exchange(true)) std::ofstream(damage_file()) << error.message;
  return fail(std::move(error));
}

}  // namespace omashu::table
