#include "broker/log/log_checkpoint.h"

#include <fmt/core.h>

#include <charconv>

#include "broker/log/text_checksum.h"

namespace omashu::broker {

namespace {

std::optional<int64_t> take_line(std::string_view& text, std::string_view name) {
  if (!text.starts_with(name)) return std::nullopt;
  text.remove_prefix(name.size());
  int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop == end || *stop != '\n' || value < 0) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(stop - text.data()) + 1);
  return value;
}

}  // namespace

std::string log_checkpoint_text(const LogCheckpoint& checkpoint) {
  const bool is_current = checkpoint.compacted_to.has_value();
  std::string text = fmt::format("version: {}\nlog_start_offset: {}\nfirst_dirty_offset: {}\n", is_current ? 1 : 0,
                                 checkpoint.log_start_offset, checkpoint.first_dirty_offset);
  if (is_current) {
    text += fmt::format("compacted_to: {}\nopen_ended_to: {}\n", *checkpoint.compacted_to, checkpoint.open_ended_to);
  }
  return with_checksum(std::move(text));
}

std::optional<LogCheckpoint> parse_log_checkpoint(std::string_view bytes) {
  const auto content = without_checksum(bytes);
  if (!content) return std::nullopt;
  std::string_view text = *content;
  const auto version = take_line(text, "version: ");
  const auto log_start_offset = take_line(text, "log_start_offset: ");
  const auto first_dirty_offset = take_line(text, "first_dirty_offset: ");
  if (!version || *version > 1 || !log_start_offset || !first_dirty_offset) return std::nullopt;
  LogCheckpoint checkpoint{.log_start_offset = Offset{*log_start_offset},
                           .first_dirty_offset = Offset{*first_dirty_offset}};
  if (version == 1) {
    const auto compacted_to = take_line(text, "compacted_to: ");
    const auto open_ended_to = take_line(text, "open_ended_to: ");
    if (!compacted_to || !open_ended_to) return std::nullopt;
    checkpoint.compacted_to = Offset{*compacted_to};
    checkpoint.open_ended_to = Offset{*open_ended_to};
  }
  return text.empty() ? std::optional(checkpoint) : std::nullopt;
}

Result<void> write_log_checkpoint(FileSystem& file_system, const std::string& folder, const LogCheckpoint& checkpoint) {
  return file_system.replace_file(fmt::format("{}/{}", folder, kLogCheckpointFile), log_checkpoint_text(checkpoint));
}

}  // namespace omashu::broker
