#include "broker/log/log_files.h"

#include <fmt/core.h>

#include <charconv>
#include <limits>

namespace omashu::broker {

namespace {

constexpr size_t kOffsetDigits = 20;
// So that offsets in the segment can be added to its base offset.
constexpr Offset kMaxBaseOffset = kMaxOffset - std::numeric_limits<uint32_t>::max();

SegmentFiles files_of(const std::string& stem) { return {stem + ".log", stem + ".index", stem + ".timeindex"}; }

std::optional<Offset> take_offset(std::string_view& name) {
  if (name.size() < kOffsetDigits) return std::nullopt;
  int64_t offset = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + kOffsetDigits, offset);
  if (error != std::errc() || end != name.data() + kOffsetDigits || offset < 0) return std::nullopt;
  if (Offset{offset} > kMaxBaseOffset) return std::nullopt;
  name.remove_prefix(kOffsetDigits);
  return Offset{offset};
}

}  // namespace

SegmentFiles SegmentFiles::with(std::string_view suffix) const {
  const auto extended = [&](const std::string& path) { return fmt::format("{}{}", path, suffix); };
  return {extended(log), extended(offset_index), extended(time_index)};
}

SegmentFiles segment_files(const std::string& folder, Offset base_offset) {
  return files_of(fmt::format("{}/{:020}", folder, base_offset));
}

SegmentFiles compacted_files(const std::string& folder, Offset base_offset, Offset end_offset) {
  return files_of(fmt::format("{}/{:020}-{:020}", folder, base_offset, end_offset));
}

std::string snapshot_path(const std::string& folder, Offset offset) {
  return fmt::format("{}/{:020}.snapshot", folder, offset);
}

std::optional<LogFileName> parse_log_file_name(std::string_view name) {
  using Kind = LogFileName::Kind;
  for (const std::string_view suffix : {kCleanedSuffix, kMendedSuffix, kDeletedSuffix, std::string_view(".new")}) {
    if (name.ends_with(suffix)) return LogFileName{.kind = Kind::kLeftover};
  }
  const auto base_offset = take_offset(name);
  if (!base_offset) return std::nullopt;
  LogFileName parsed{.base_offset = *base_offset};
  if (name.starts_with('-')) {
    name.remove_prefix(1);
    const auto end_offset = take_offset(name);
    if (!end_offset || !name.ends_with(kSwapSuffix)) return std::nullopt;
    name.remove_suffix(kSwapSuffix.size());
    parsed.end_offset = *end_offset;
    parsed.kind = name == ".log" ? Kind::kSwapLog : Kind::kSwapIndex;
    return parsed;
  }
  if (name == ".log") {
    parsed.kind = Kind::kLog;
  } else if (name == ".snapshot") {
    parsed.kind = Kind::kSnapshot;
  } else if (name == ".index" || name == ".timeindex") {
    parsed.kind = Kind::kIndex;
  } else {
    return std::nullopt;
  }
  return parsed;
}

}  // namespace omashu::broker
