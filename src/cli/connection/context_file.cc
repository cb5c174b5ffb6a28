#include "cli/connection/context_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/json.h"
#include "base/nearest.h"

namespace omashu::cli {

namespace {

constexpr size_t kMaxFile_bytes = 1 << 20;

std::unexpected<Error> io_error(const std::string& path, int error) {
  return fail(ErrorCode::kIo, fmt::format("{}: {}", path, std::strerror(error)));
}

std::unexpected<Error> malformed(const std::string& path, std::string_view what) {
  return fail(ErrorCode::kCorrupt, fmt::format("{}: {}", path, what));
}

Result<ContextFile> parse(const std::string& path, const std::string& text) {
  const auto root = json::parse(text);
  if (!root) return fail(Error(root.error()).within(path));
  ContextFile file;
  const json::Value* contexts = root->find("contexts");
  if (contexts == nullptr || !contexts->is_object()) return malformed(path, "there is no object \"contexts\"");
  for (const json::Member& context : contexts->members()) {
    if (auto named = check_context_name(context.name); !named) return fail(std::move(named.error()).within(path));
    ContextFile::Properties& properties = file.contexts[context.name];
    for (const json::Member& property : context.value.members()) {
      if (!property.value.is_string()) return malformed(path, fmt::format("{} must be text", property.name));
      properties[property.name] = property.value.text();
    }
  }
  const json::Value* current = root->find("current");
  if (current != nullptr && current->is_string()) file.current = current->text();
  return file;
}

Result<void> write_private(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return io_error(path, errno);
  int error = ::fchmod(file, 0600) == 0 ? 0 : errno;
  std::string_view rest = text;
  while (error == 0 && !rest.empty()) {
    const ssize_t written = ::write(file, rest.data(), rest.size());
    if (written < 0 && errno != EINTR) error = errno;
    if (written > 0) rest.remove_prefix(static_cast<size_t>(written));
  }
  if (error == 0 && ::fsync(file) != 0) error = errno;
  ::close(file);
  if (error != 0) return io_error(path, error);
  return {};
}

}  // namespace

Result<const ContextFile::Properties*> ContextFile::find(const std::string& name) const {
  if (const auto found = contexts.find(name); found != contexts.end()) return &found->second;
  std::vector<std::string> names;
  for (const auto& [known, properties] : contexts) names.push_back(known);
  const std::string suggestion = did_you_mean(name, names);
  return fail(ErrorCode::kNotFound, fmt::format("there is no context {}{}", name,
                                                suggestion.empty() ? ": omashu context list shows them" : suggestion));
}

Result<ContextFile> ContextFile::load(const std::string& path) {
  if (path.empty()) return ContextFile{};
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return ContextFile{};
    return io_error(path, errno);
  }
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return fail(ErrorCode::kUnauthorized,
                fmt::format("{}: others may write this file, and with it what is run here: chmod 600 {}", path, path));
  }
  if (status.st_size > static_cast<off_t>(kMaxFile_bytes)) return malformed(path, "it is larger than a megabyte");
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in.is_open() || in.bad()) return fail(ErrorCode::kIo, path + ": cannot be read");
  return parse(path, text);
}

Result<void> ContextFile::save(const std::string& path) const {
  if (path.empty()) {
    return fail(ErrorCode::kInvalidArgument, "there is no place for contexts: set HOME or XDG_CONFIG_HOME");
  }
  json::Value all = json::Value::object();
  for (const auto& [name, properties] : contexts) {
    json::Value context = json::Value::object();
    for (const auto& [property, value] : properties) context.add(property, value);
    all.add(name, std::move(context));
  }
  json::Value root = json::Value::object();
  if (current) root.add("current", *current);
  root.add("contexts", std::move(all));

  std::error_code failed;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), failed);
  if (failed) return io_error(std::filesystem::path(path).parent_path(), failed.value());
  const std::string unfinished = fmt::format("{}.{}.new", path, ::getpid());
  if (auto written = write_private(unfinished, json::to_pretty_text(root) + "\n"); !written) return written;
  if (std::rename(unfinished.c_str(), path.c_str()) == 0) return {};
  const int error = errno;
  std::remove(unfinished.c_str());
  return io_error(path, error);
}

std::string context_file_path(const Environment& environment) {
  constexpr std::string_view kFile = "/omashu/contexts.json";
  if (const auto config = environment("XDG_CONFIG_HOME")) return *config + std::string(kFile);
  if (const auto home = environment("HOME")) return *home + "/.config" + std::string(kFile);
  return "";
}

Result<void> check_context_name(const std::string& name) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  if (!name.empty() && name.find_first_not_of(kAllowed) == std::string::npos && name.front() != '-') return {};
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("'{}' is no name of a context: letters, digits and . _ - make one", name));
}

}  // namespace omashu::cli
