#include "cli/connection/value_reference.h"

#include <fmt/core.h>
#include <sys/wait.h>

#include <cstdio>

namespace omashu::cli {

namespace {

constexpr std::string_view kEnvironment = "env:";
constexpr std::string_view kCommand = "command:";
constexpr size_t kMaxValue_bytes = 64 * 1024;  // certificates and keys as PEM among them

Result<std::string> output_of(const std::string& command) {
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return fail(ErrorCode::kIo, fmt::format("the command `{}` cannot be run", command));
  std::string output;
  char buffer[4096];
  size_t got = 0;
  while (output.size() <= kMaxValue_bytes && (got = std::fread(buffer, 1, sizeof buffer, pipe)) > 0) {
    output.append(buffer, got);
  }
  const int status = ::pclose(pipe);
  if (output.size() > kMaxValue_bytes) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("the command `{}` printed more than 64 KiB", command));
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("the command `{}` failed (exit code {})", command,
                                                         WIFEXITED(status) ? WEXITSTATUS(status) : -1));
  }
  return output;
}

}  // namespace

bool is_value_reference(std::string_view text) { return text.starts_with(kEnvironment) || text.starts_with(kCommand); }

Result<std::string> resolve_value_reference(const std::string& text, const Environment& environment) {
  if (text.starts_with(kEnvironment)) {
    const std::string name = text.substr(kEnvironment.size());
    if (auto value = environment(name)) return *std::move(value);
    return fail(ErrorCode::kInvalidArgument, fmt::format("the environment variable {} is not set", name));
  }
  if (!text.starts_with(kCommand)) return text;
  auto output = output_of(text.substr(kCommand.size()));
  if (!output) return output;
  while (output->ends_with('\n') || output->ends_with('\r')) output->pop_back();
  if (output->empty()) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("the command `{}` printed nothing", text.substr(kCommand.size())));
  }
  return output;
}

}  // namespace omashu::cli
