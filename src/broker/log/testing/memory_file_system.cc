#include "broker/log/testing/memory_file_system.h"

#include <fmt/core.h>

#include <algorithm>

namespace omashu::broker {

namespace {

constexpr size_t kSectorBytes = 512;

}  // namespace

struct MemoryFileSystem::Inode {
  // A write, or a truncation to `position`.
  struct Change {
    bool is_truncation = false;
    uint64_t position = 0;
    std::string bytes;
    bool is_forgotten = false;  // a sync of it has failed, and no other one will bring it to the disk
  };

  std::string bytes;
  std::string durable;
  std::vector<Change> unsynced;

  void sync() {
    for (const Change& change : unsynced) {
      if (!change.is_forgotten) apply(change, durable);
    }
    durable.resize(bytes.size());
    unsynced.clear();
  }

  void fail_sync() {
    for (Change& change : unsynced) change.is_forgotten = !change.is_truncation;
  }

  static void apply(const Change& change, std::string& to) {
    if (change.is_truncation) {
      to.resize(change.position);
    } else {
      to.resize(std::max<uint64_t>(to.size(), change.position + change.bytes.size()));
      to.replace(change.position, change.bytes.size(), change.bytes);
    }
  }

  void change(Change change) {
    apply(change, bytes);
    unsynced.push_back(std::move(change));
  }

  // What the disk may hold when power is lost.
  std::string survivor(std::mt19937& random) const {
    std::string survived = durable;
    const uint64_t chance = random() % 3;  // of a sector, in halves
    for (const Change& change : unsynced) {
      if (change.is_truncation) {
        if (random() % 2 < chance) apply(change, survived);
        continue;
      }
      for (size_t begin = 0; begin < change.bytes.size(); begin += kSectorBytes) {
        if (random() % 2 >= chance) continue;
        apply({.position = change.position + begin, .bytes = change.bytes.substr(begin, kSectorBytes)}, survived);
      }
    }
    return survived;
  }
};

class MemoryFileSystem::OpenFile final : public File {
 public:
  OpenFile(MemoryFileSystem& file_system, std::string path, std::shared_ptr<Inode> inode)
      : file_system_(file_system), path_(std::move(path)), inode_(std::move(inode)) {}

  Result<size_t> read_some(uint64_t position, std::span<char> into) const override {
    if (auto error = file_system_.begin(Operation::kRead, path_)) return fail(std::move(*error));
    const MutexLock lock(file_system_.mutex_);
    if (position >= inode_->bytes.size()) return 0;
    const size_t count =
        std::min({into.size(), file_system_.max_bytes_per_call_, inode_->bytes.size() - static_cast<size_t>(position)});
    inode_->bytes.copy(into.data(), count, position);
    return count;
  }

  Result<size_t> write_some(uint64_t position, std::string_view bytes) override {
    if (auto error = file_system_.begin(Operation::kWrite, path_)) return fail(std::move(*error));
    const MutexLock lock(file_system_.mutex_);
    const uint64_t others = file_system_.total_bytes() - inode_->bytes.size();
    const uint64_t room = file_system_.capacity_bytes_ - std::min(others + position, file_system_.capacity_bytes_);
    const size_t count = std::min({bytes.size(), file_system_.max_bytes_per_call_, static_cast<size_t>(room)});
    if (count == 0) return fail(ErrorCode::kUnavailable, fmt::format("cannot write {}: no space left", path_));
    inode_->change({.position = position, .bytes = std::string(bytes.substr(0, count))});
    return count;
  }

  Result<uint64_t> size_bytes() const override {
    const MutexLock lock(file_system_.mutex_);
    return inode_->bytes.size();
  }

  Result<void> truncate(uint64_t size_bytes) override {
    if (auto error = file_system_.begin(Operation::kTruncate, path_)) return fail(std::move(*error));
    const MutexLock lock(file_system_.mutex_);
    inode_->change({.is_truncation = true, .position = size_bytes, .bytes = {}});
    return {};
  }

  Result<void> sync() override {
    auto error = file_system_.begin(Operation::kSync, path_);
    const MutexLock lock(file_system_.mutex_);
    if (error) {
      if (file_system_.changes_left_ > 0) inode_->fail_sync();  // a process that is gone asks for nothing
      return fail(*std::move(error));
    }
    inode_->sync();
    return {};
  }

  void start_sync() override { (void)file_system_.begin(Operation::kStartSync, path_); }

  int native_fd() const override { return -1; }

 private:
  MemoryFileSystem& file_system_;
  const std::string path_;
  const std::shared_ptr<Inode> inode_;
};

void MemoryFileSystem::set_fault(Fault fault) {
  const MutexLock lock(mutex_);
  fault_ = std::move(fault);
}

void MemoryFileSystem::set_max_bytes_per_call(size_t bytes) {
  const MutexLock lock(mutex_);
  max_bytes_per_call_ = bytes;
}

void MemoryFileSystem::set_capacity_bytes(uint64_t bytes) {
  const MutexLock lock(mutex_);
  capacity_bytes_ = bytes;
}

void MemoryFileSystem::stop_after(int64_t changes) {
  const MutexLock lock(mutex_);
  changes_left_ = changes;
}

bool MemoryFileSystem::has_stopped() const {
  const MutexLock lock(mutex_);
  return changes_left_ <= 0;
}

void MemoryFileSystem::kill_process() { stop_after(std::numeric_limits<int64_t>::max()); }

void MemoryFileSystem::lose_power(std::mt19937& random) {
  const MutexLock lock(mutex_);
  changes_left_ = std::numeric_limits<int64_t>::max();
  const size_t kept = random() % (unsynced_.size() + 1);
  for (size_t i = 0; i < kept; ++i) apply(unsynced_[i], durable_names_);
  unsynced_.clear();
  names_.clear();
  for (const auto& [path, inode] : durable_names_) {
    if (!inode) {
      names_[path] = nullptr;
      continue;
    }
    if (!names_.contains(folder_of(path))) continue;
    auto survivor = std::make_shared<Inode>();
    survivor->bytes = survivor->durable = inode->survivor(random);
    names_[path] = std::move(survivor);
  }
  durable_names_ = names_;
}

std::optional<Error> MemoryFileSystem::begin(Operation operation, const std::string& path) {
  Fault fault;
  {
    const MutexLock lock(mutex_);
    fault = fault_;
  }
  if (fault) {
    if (auto error = fault(operation, path)) return error;
  }
  const MutexLock lock(mutex_);
  const bool is_change = operation != Operation::kOpen && operation != Operation::kRead &&
                         operation != Operation::kStartSync && operation != Operation::kList;
  if (changes_left_ <= 0 || (is_change && --changes_left_ <= 0)) {
    return Error{ErrorCode::kIo, fmt::format("{}: the process is gone", path), std::nullopt};
  }
  return std::nullopt;
}

void MemoryFileSystem::change(NameChange change) {
  apply(change, names_);
  unsynced_.push_back(std::move(change));
}

void MemoryFileSystem::apply(const NameChange& change, Names& names) {
  for (const auto& [path, inode] : change.names) {
    if (inode) {
      names[path] = *inode;
    } else {
      names.erase(path);
    }
  }
  if (!change.renamed_folder) return;
  const auto& [from, to] = *change.renamed_folder;
  Names moved;
  for (auto entry = names.begin(); entry != names.end();) {
    const bool is_inside = entry->first == from || entry->first.starts_with(from + '/');
    if (is_inside) moved[to + entry->first.substr(from.size())] = std::move(entry->second);
    entry = is_inside ? names.erase(entry) : std::next(entry);
  }
  names.merge(moved);
}

// A change within a folder that has another name now.
void MemoryFileSystem::apply(const FolderRename& rename, NameChange& change) {
  if (change.folder != rename.from) return;
  change.folder = rename.to;
  for (auto& [path, inode] : change.names) path = rename.to + path.substr(rename.from.size());
}

uint64_t MemoryFileSystem::used_bytes() const {
  const MutexLock lock(mutex_);
  return total_bytes();
}

uint64_t MemoryFileSystem::total_bytes() const {
  uint64_t bytes = 0;
  for (const auto& [path, inode] : names_) bytes += inode ? inode->bytes.size() : 0;
  return bytes;
}

Result<std::shared_ptr<File>> MemoryFileSystem::open(const std::string& path, OpenMode mode) {
  if (auto error = begin(Operation::kOpen, path)) return fail(std::move(*error));
  MutexLock lock(mutex_);
  if (const auto found = names_.find(path); found != names_.end()) {
    return std::make_shared<OpenFile>(*this, path, found->second);
  }
  if (mode == OpenMode::kExisting || !names_.contains(folder_of(path))) {
    return fail(ErrorCode::kNotFound, fmt::format("{} is not there", path));
  }
  lock.unlock();
  if (auto error = begin(Operation::kCreate, path)) return fail(std::move(*error));
  lock.lock();
  const auto inode = std::make_shared<Inode>();
  change({.folder = folder_of(path), .names = {{path, inode}}});
  return std::make_shared<OpenFile>(*this, path, inode);
}

Result<void> MemoryFileSystem::create_folder(const std::string& path) {
  if (auto error = begin(Operation::kCreateFolder, path)) return fail(std::move(*error));
  const MutexLock lock(mutex_);
  if (!names_.contains(path)) change({.folder = folder_of(path), .names = {{path, nullptr}}});
  return {};
}

Result<void> MemoryFileSystem::remove_file(const std::string& path) {
  if (auto error = begin(Operation::kRemove, path)) return fail(std::move(*error));
  const MutexLock lock(mutex_);
  if (names_.contains(path)) change({.folder = folder_of(path), .names = {{path, std::nullopt}}});
  return {};
}

Result<void> MemoryFileSystem::remove_folder(const std::string& path) {
  {
    const MutexLock lock(mutex_);
    const auto inside = names_.lower_bound(path + '/');
    if (inside != names_.end() && inside->first.starts_with(path + '/')) {
      return fail(ErrorCode::kIo, fmt::format("cannot remove {}: Directory not empty", path));
    }
  }
  return remove_file(path);
}

Result<void> MemoryFileSystem::rename(const std::string& from, const std::string& to) {
  if (auto error = begin(Operation::kRename, from)) return fail(std::move(*error));
  const MutexLock lock(mutex_);
  const auto found = names_.find(from);
  if (found == names_.end()) return fail(ErrorCode::kNotFound, fmt::format("{} is not there", from));
  if (!found->second) {
    change({.folder = folder_of(from), .names = {}, .renamed_folder = FolderRename{from, to}});
    return {};
  }
  change({.folder = folder_of(from), .names = {{from, std::nullopt}, {to, found->second}}});
  return {};
}

Result<void> MemoryFileSystem::sync_folder(const std::string& path) {
  if (auto error = begin(Operation::kSyncFolder, path)) return fail(std::move(*error));
  const MutexLock lock(mutex_);
  for (auto change = unsynced_.begin(); change != unsynced_.end(); ++change) {
    if (change->folder != path) continue;
    apply(*change, durable_names_);
    if (!change->renamed_folder) continue;
    for (auto before = unsynced_.begin(); before != change; ++before) apply(*change->renamed_folder, *before);
  }
  std::erase_if(unsynced_, [&](const NameChange& change) { return change.folder == path; });
  return {};
}

Result<std::vector<FileInfo>> MemoryFileSystem::list(const std::string& folder) {
  if (auto error = begin(Operation::kList, folder)) return fail(std::move(*error));
  const MutexLock lock(mutex_);
  if (!names_.contains(folder)) return fail(ErrorCode::kNotFound, fmt::format("{} is not there", folder));
  std::vector<FileInfo> files;
  for (const auto& [path, inode] : names_) {
    if (!inode || folder_of(path) != folder) continue;
    files.push_back({.name = path.substr(folder.size() + 1), .size_bytes = inode->bytes.size()});
  }
  return files;
}

Result<std::vector<std::string>> MemoryFileSystem::list_folders(const std::string& folder) {
  if (auto error = begin(Operation::kList, folder)) return fail(std::move(*error));
  const MutexLock lock(mutex_);
  if (!names_.contains(folder)) return fail(ErrorCode::kNotFound, fmt::format("{} is not there", folder));
  std::vector<std::string> folders;
  for (const auto& [path, inode] : names_) {
    if (!inode && path != folder && folder_of(path) == folder) folders.push_back(path.substr(folder.size() + 1));
  }
  return folders;
}

}  // namespace omashu::broker
