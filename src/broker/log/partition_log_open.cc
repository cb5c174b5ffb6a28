// Opening a partition's log: what is in its folder, and what of it holds after a stop that was not clean.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ranges>

#include "broker/log/partition_log.h"

namespace omashu::broker {

namespace {

constexpr size_t kOffsetDigits = 20;
constexpr uint64_t kMostMetadataBytes = 4096;
constexpr uint64_t kMostSnapshotBytes = 64 << 20;

// The offset in a name such as 00000000000000000042.log; nothing where the name is not of this form.
std::optional<int64_t> offset_of(std::string_view name, std::string_view suffix) {
  if (name.size() != kOffsetDigits + suffix.size() || !name.ends_with(suffix)) return std::nullopt;
  int64_t offset = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + kOffsetDigits, offset);
  if (error != std::errc() || end != name.data() + kOffsetDigits || offset < 0) return std::nullopt;
  return offset;
}

}  // namespace

Result<void> PartitionLog::open_if_needed() {
  if (state_ == State::kOpen || state_ == State::kReadOnly) return {};
  if (state_ == State::kUnusable) return fail(failure_);
  auto opened = open();
  if (opened) {
    state_ = State::kOpen;
    return {};
  }
  segments_.clear();
  producers_ = {};
  if (opened.error().code != ErrorCode::kUnavailable) {
    state_ = State::kUnusable;
    failure_ = opened.error();
  }
  return opened;
}

Result<void> PartitionLog::check_writable() {
  if (auto ready = open_if_needed(); !ready) return ready;
  if (state_ == State::kReadOnly) return fail(failure_);
  return {};
}

Result<void> PartitionLog::open() {
  const auto found = files_.file_system().list(folder_);
  if (!found && found.error().code == ErrorCode::kNotFound) return {};  // nothing has been appended yet
  if (!found) return fail(found.error());
  std::vector<int64_t> snapshots;
  for (const FileInfo& file : *found) {
    if (const auto base_offset = offset_of(file.name, ".log")) {
      segments_.push_back(
          std::make_shared<Segment>(files_, segment_stem(folder_, *base_offset), *base_offset, file.size_bytes));
    } else if (const auto offset = offset_of(file.name, ".snapshot")) {
      snapshots.push_back(*offset);
    }
  }
  std::ranges::sort(segments_, {}, &Segment::base_offset);
  if (segments_.empty()) return {};
  if (auto done = check_topic_id(); !done) return done;
  log_start_offset_ = segments_.front()->base_offset();
  return recover(load_newest_snapshot(std::move(snapshots)));
}

Result<void> PartitionLog::check_topic_id() {
  const std::string path = fmt::format("{}/{}", folder_, kPartitionMetadataFile);
  const auto text = files_.file_system().read_file(path, kMostMetadataBytes);
  const auto there = text ? parse_partition_metadata(*text) : std::nullopt;
  if (there == topic_id_) return {};
  if (there) {
    return fail(ErrorCode::kCorrupt, fmt::format("{} belongs to another topic of the same name, as {} says: move the "
                                                 "folder away",
                                                 folder_, kPartitionMetadataFile));
  }
  // Not there, or torn: it is not synced.
  const auto file = files_.file_system().open(path, FileSystem::OpenMode::kCreate);
  if (!file) return fail(file.error());
  return (*file)->write_all(0, partition_metadata_text(topic_id_));
}

std::string PartitionLog::snapshot_path(int64_t offset) const { return segment_stem(folder_, offset) + ".snapshot"; }

// Only the newest counts: what came before it may have been compacted since.
std::optional<int64_t> PartitionLog::load_newest_snapshot(std::vector<int64_t> offsets) {
  if (offsets.empty()) return std::nullopt;
  std::ranges::sort(offsets, std::greater());
  for (const int64_t older : offsets | std::views::drop(1)) {
    (void)files_.file_system().remove_file(snapshot_path(older));  // tried again at the next start
  }
  const auto bytes = files_.file_system().read_file(snapshot_path(offsets.front()), kMostSnapshotBytes);
  if (!bytes) return std::nullopt;
  auto producers = ProducerStates::decode(*bytes);
  if (!producers) return std::nullopt;
  producers_ = std::move(*producers);
  return offsets.front();
}

// From the recovery point on, offsets are dense. Without one the whole log is read, and parts of it may be compacted.
Result<void> PartitionLog::recover(std::optional<int64_t> recovery_point) {
  const bool is_dense = recovery_point.has_value();
  int64_t next = std::max(recovery_point.value_or(0), segments_.front()->base_offset());
  recovery_point_ = flushed_offset_ = next;
  const auto fits = [&](int64_t offset) { return is_dense ? offset == next : offset >= next; };
  const auto accept = [&](const RecordBatchHeader& header) {
    if (!fits(header.base_offset)) return false;
    next = header.next_offset();
    bytes_since_recovery_point_ += header.size_bytes();
    if (header.has_producer()) producers_.update(header, -1);
    return true;
  };
  const size_t first = segment_of(next);
  for (size_t i = first; i < segments_.size(); ++i) {
    Segment& segment = *segments_[i];
    if (i > first) {
      segments_[i - 1]->seal();
      if (!fits(segment.base_offset())) {
        if (auto done = drop_segments_from(i); !done) return done;
        break;
      }
      next = segment.base_offset();
    }
    const auto is_whole = segment.recover(next, config_.index_interval_bytes, accept);
    if (!is_whole) return fail(is_whole.error());
    if (!*is_whole) {
      if (auto done = drop_segments_from(i + 1); !done) return done;
    }
  }
  log_end_offset_ = next;
  is_folder_unsynced_ = log_end_offset_ > recovery_point_;
  return {};
}

Result<void> PartitionLog::drop_segments_from(size_t first) {
  while (segments_.size() > first) {
    for (const char* extension : {".log", ".index", ".timeindex"}) {
      const std::string path = segments_.back()->stem() + extension;
      if (auto done = files_.file_system().remove_file(path); !done) return done;
      files_.forget(path);
    }
    segments_.pop_back();
  }
  return {};
}

}  // namespace omashu::broker
