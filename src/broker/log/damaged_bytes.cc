#include "broker/log/damaged_bytes.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <vector>

namespace omashu::broker {

namespace {

constexpr size_t kChunkBytes = 1 << 20;

std::string name_of(std::string_view path) { return std::string(path.substr(path.rfind('/') + 1)); }

Result<std::string> free_path(FileSystem& file_system, const std::string& folder, const std::string& name) {
  const auto files = file_system.list(folder);
  if (!files) return fail(files.error());
  std::set<std::string> taken;
  for (const FileInfo& file : *files) taken.insert(file.name);
  std::string free = name;
  for (int number = 2; taken.contains(free); ++number) free = fmt::format("{}.{}", name, number);
  return fmt::format("{}/{}", folder, free);
}

Result<void> copy(const File& from, uint64_t begin, uint64_t end, File& to) {
  std::vector<char> chunk;
  for (uint64_t position = begin; position < end; position += chunk.size()) {
    chunk.resize(std::min<uint64_t>(kChunkBytes, end - position));
    if (auto done = from.read_all(position, chunk); !done) return done;
    if (auto done = to.write_all(position - begin, {chunk.data(), chunk.size()}); !done) return done;
  }
  return to.sync();
}

}  // namespace

Result<std::string> set_aside(FileSystem& file_system, const std::string& path, const File& file, uint64_t begin,
                              uint64_t end) {
  const std::string partition_folder = folder_of(path);
  const std::string data_folder = folder_of(partition_folder);
  const std::string folder = fmt::format("{}/{}", data_folder, kDamagedFolder);
  if (auto done = file_system.create_folder(folder); !done) return fail(done.error());
  auto target =
      free_path(file_system, folder, fmt::format("{}.{}.{}", name_of(partition_folder), name_of(path), begin));
  if (!target) return target;
  const auto copied = file_system.open(*target, FileSystem::OpenMode::kCreate);
  if (!copied) return fail(copied.error());
  auto done = copy(file, begin, end, **copied);
  if (done) done = file_system.sync_folder(folder);
  if (done) done = file_system.sync_folder(data_folder);
  if (!done) {
    (void)file_system.remove_file(*target);
    return fail(done.error());
  }
  return target;
}

}  // namespace omashu::broker
