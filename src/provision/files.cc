#include "provision/files.h"

#include <fmt/core.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

namespace omashu::provision {

namespace {

constexpr size_t kMaxBytes = 16 << 20;

using FilePointer = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

std::unexpected<Error> system_error(std::string_view what, const std::string& path) {
  const int error = errno;
  return fail(error == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
              fmt::format("cannot {} {}: {}", what, path, std::strerror(error)));
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return fail(ErrorCode::kIo, fmt::format("{} is a folder", path));
  const FilePointer file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file) return system_error("read", path);
  std::string text;
  char chunk[1 << 16];
  while (const size_t count = std::fread(chunk, 1, sizeof chunk, file.get())) {
    text.append(chunk, count);
    if (text.size() > kMaxBytes) {
      return fail(ErrorCode::kIo, fmt::format("{} is larger than {} MiB", path, kMaxBytes >> 20));
    }
  }
  if (std::ferror(file.get()) != 0) return system_error("read", path);
  return text;
}

ReadFile read_from(const FileTexts& texts) {
  return [&texts](const std::string& path) -> Result<std::string> {
    const auto found = texts.find(path);
    if (found == texts.end()) {
      return fail(ErrorCode::kNotFound, fmt::format("cannot read {}: {}", path, std::strerror(ENOENT)));
    }
    return found->second;
  };
}

ReadFile recording(ReadFile read, FileTexts& texts) {
  return [read = std::move(read), &texts](const std::string& path) {
    auto text = read(path);
    if (text) texts[path] = *text;
    return text;
  };
}

Result<void> write_file(const std::string& path, std::string_view text) {
  const std::string unfinished = path + ".unfinished";
  std::FILE* file = std::fopen(unfinished.c_str(), "wb");
  if (file == nullptr) return system_error("write", unfinished);
  const bool is_written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const bool is_closed = std::fclose(file) == 0;
  if (!is_written || !is_closed || std::rename(unfinished.c_str(), path.c_str()) != 0) {
    auto error = system_error("write", path);
    std::remove(unfinished.c_str());
    return error;
  }
  return {};
}

}  // namespace omashu::provision
