#include "broker/log/file_system.h"

#include <fmt/core.h>

#include <algorithm>

namespace omashu::broker {

Result<void> File::read_all(uint64_t position, std::span<char> into) const {
  while (!into.empty()) {
    const auto count = read_some(position, into);
    if (!count) return fail(count.error());
    if (*count == 0) return fail(ErrorCode::kCorrupt, fmt::format("the file ends at {}, before its data", position));
    position += *count;
    into = into.subspan(*count);
  }
  return {};
}

Result<void> File::write_all(uint64_t position, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = write_some(position, bytes);
    if (!count) return fail(count.error());
    position += *count;
    bytes.remove_prefix(*count);
  }
  return {};
}

Result<void> FileSystem::replace_file(const std::string& path, std::string_view bytes) {
  if (auto done = rename_into_place(path, bytes); !done) return done;
  return sync_folder(folder_of(path));
}

Result<void> FileSystem::rename_into_place(const std::string& path, std::string_view bytes) {
  const std::string unfinished = path + ".new";
  const auto file = open(unfinished, OpenMode::kCreate);
  if (!file) return fail(file.error());
  if (auto done = (*file)->truncate(0); !done) return done;
  if (auto done = (*file)->write_all(0, bytes); !done) return done;
  if (auto done = (*file)->sync(); !done) return done;
  return rename(unfinished, path);
}

Result<std::string> FileSystem::read_file(const std::string& path, uint64_t max_bytes) {
  const auto file = open(path, OpenMode::kExisting);
  if (!file) return fail(file.error());
  const auto size = (*file)->size_bytes();
  if (!size) return fail(size.error());
  if (*size > max_bytes) return fail(ErrorCode::kCorrupt, fmt::format("{} has {} bytes: too many", path, *size));
  std::string bytes(*size, '\0');
  if (auto done = (*file)->read_all(0, bytes); !done) return fail(std::move(done.error()).within(path));
  return bytes;
}

std::string folder_of(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(path.substr(0, std::max<size_t>(slash, 1)));
}

}  // namespace omashu::broker
