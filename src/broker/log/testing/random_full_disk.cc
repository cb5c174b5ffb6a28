#include "broker/log/testing/random_full_disk.h"

#include <fmt/core.h>

#include <array>
#include <limits>
#include <string_view>

namespace omashu::broker {
namespace {

using Operation = MemoryFileSystem::Operation;

// What may need room on the disk, be it in a journal. Removing needs none on most file systems.
constexpr auto kOperations =
    std::to_array<Operation>({Operation::kCreate, Operation::kWrite, Operation::kTruncate, Operation::kSync,
                              Operation::kCreateFolder, Operation::kRename, Operation::kSyncFolder});
constexpr auto kNames =
    std::to_array<std::string_view>({"create", "write", "truncate", "sync", "create folder", "rename", "sync folder"});

constexpr auto kPartsOfPaths = std::to_array<std::string_view>(
    {"", "", "", ".log", ".index", ".timeindex", ".snapshot", "log.checkpoint", "partition.metadata", ".cleaned",
     ".swap", "topics.json", "producer_ids", "broker-configs.json", "__consumer_offsets"});

constexpr uint32_t kMaxBytesLeft = 4000;

}  // namespace

void RandomFullDisk::fill(std::mt19937& random) {
  if (random() % 3 == 0) {
    const uint64_t bytes_left = random() % kMaxBytesLeft;
    disk_.set_capacity_bytes(disk_.used_bytes() + bytes_left);
    const MutexLock lock(mutex_);
    description_ = fmt::format("{} bytes are left", bytes_left);
    return;
  }
  {
    const MutexLock lock(mutex_);
    random_.seed(static_cast<std::mt19937::result_type>(random()));
    part_of_path_ = kPartsOfPaths[random() % kPartsOfPaths.size()];
    one_in_ = 1 << random() % 4;
    description_ = fmt::format("one of {} operations is refused on *{}*:", one_in_, part_of_path_);
    const bool is_all = random() % 4 == 0;
    for (size_t i = 0; i < kOperations.size(); ++i) {
      if (!is_all && random() % 3 != 0) continue;
      refused_.insert(kOperations[i]);
      description_ += fmt::format(" {}", kNames[i]);
    }
  }
  disk_.set_fault([this](Operation operation, const std::string& path) { return refuse(operation, path); });
}

void RandomFullDisk::make_room() {
  disk_.set_fault(nullptr);
  disk_.set_capacity_bytes(std::numeric_limits<uint64_t>::max());
  const MutexLock lock(mutex_);
  refused_.clear();
  description_.clear();
}

bool RandomFullDisk::has_refused_syncs() const {
  const MutexLock lock(mutex_);
  return has_refused_syncs_;
}

std::string RandomFullDisk::description() const {
  const MutexLock lock(mutex_);
  return description_;
}

std::optional<Error> RandomFullDisk::refuse(Operation operation, const std::string& path) {
  const MutexLock lock(mutex_);
  if (!refused_.contains(operation) || !path.contains(part_of_path_) || random_() % one_in_ != 0) return std::nullopt;
  has_refused_syncs_ |= operation == Operation::kSync;
  return Error{ErrorCode::kUnavailable, fmt::format("{}: no space left on device", path), std::nullopt};
}

}  // namespace omashu::broker
