#include "broker/topic/deleted_folders.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace omashu::broker {
namespace {

constexpr std::string_view kSuffix = "-delete";

}  // namespace

std::string deleted_folder_name(const TopicId& topic_id, PartitionId partition) {
  return fmt::format("{}-{}{}", id_text(topic_id), partition, kSuffix);
}

bool is_deleted_folder_name(std::string_view name) {
  if (!name.ends_with(kSuffix) || name.size() <= kIdTextLength + 1 + kSuffix.size()) return false;
  name.remove_suffix(kSuffix.size());
  const std::string_view index = name.substr(kIdTextLength + 1);
  return parse_id(name.substr(0, kIdTextLength)) && name[kIdTextLength] == '-' &&
         std::ranges::all_of(index, [](char c) { return c >= '0' && c <= '9'; });
}

void DeletedFolders::add(std::string name) {
  const MutexLock lock(mutex_);
  names_.insert(std::move(name));
}

bool DeletedFolders::is_empty() const {
  const MutexLock lock(mutex_);
  return names_.empty();
}

Result<void> DeletedFolders::remove_all(const std::function<bool()>& is_stopping) {
  std::set<std::string> names;
  {
    const MutexLock lock(mutex_);
    names = names_;
  }
  Result<void> result;
  for (const std::string& name : names) {
    if (is_stopping()) return result;
    auto removed = remove(fmt::format("{}/{}", data_folder_, name), is_stopping);
    if (removed) {
      const MutexLock lock(mutex_);
      names_.erase(name);
    } else if (removed.error().code != ErrorCode::kCancelled && result) {
      result = std::move(removed);
    }
  }
  return result;
}

Result<void> DeletedFolders::remove(const std::string& path, const std::function<bool()>& is_stopping) {
  const auto files = file_system_.list(path);
  if (!files && files.error().code == ErrorCode::kNotFound) return {};
  if (!files) return fail(files.error());
  for (const FileInfo& file : *files) {
    if (is_stopping()) return fail(ErrorCode::kCancelled, "stopped");
    if (auto done = file_system_.remove_file(fmt::format("{}/{}", path, file.name)); !done) return done;
  }
  return file_system_.remove_folder(path);
}

}  // namespace omashu::broker
