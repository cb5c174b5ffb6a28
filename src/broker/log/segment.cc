#include "broker/log/segment.h"

#include <fmt/format.h>

#include "broker/log/batch_reader.h"

namespace omashu::broker {

namespace {

constexpr size_t kLookUpChunkBytes = 4096;

}  // namespace

std::string segment_stem(const std::string& folder, int64_t base_offset) {
  return fmt::format("{}/{:020}", folder, base_offset);
}

Segment::Segment(OpenFiles& files, std::string stem, int64_t base_offset, uint64_t size_bytes)
    : files_(files),
      stem_(std::move(stem)),
      base_offset_(base_offset),
      size_bytes_(size_bytes),
      offset_index_(files, stem_ + ".index", SparseIndex::KeyBytes::kFour),
      time_index_(files, stem_ + ".timeindex", SparseIndex::KeyBytes::kEight) {
  if (size_bytes == 0) newest_ = Newest{};
}

Result<std::shared_ptr<File>> Segment::log_file() {
  if (unsynced_file_) return unsynced_file_;
  return files_.open(log_path(), FileSystem::OpenMode::kExisting);
}

Result<void> Segment::create() {
  const auto file = files_.open(log_path(), FileSystem::OpenMode::kCreate);
  if (!file) return fail(file.error());
  return (*file)->truncate(0);
}

Result<void> Segment::append(std::string_view batch, const RecordBatchHeader& header, int32_t index_interval_bytes) {
  const auto file = log_file();
  if (!file) return fail(file.error());
  if (auto written = (*file)->write_all(size_bytes_, batch); !written) {
    if ((*file)->truncate(size_bytes_)) return written;
    return fail(ErrorCode::kIo, written.error().message);
  }
  unsynced_file_ = *file;
  const uint64_t position = size_bytes_;
  size_bytes_ += batch.size();
  note(header, position, index_interval_bytes);
  return {};
}

void Segment::note(const RecordBatchHeader& header, uint64_t position, int32_t index_interval_bytes) {
  note_timestamp(header);
  if (unindexed_bytes_ > index_interval_bytes) {
    // What cannot be written now stays in memory and is tried again with the next entry.
    (void)offset_index_.append({.key = relative(header.last_offset()), .value = static_cast<int32_t>(position)});
    index_timestamp();
    unindexed_bytes_ = 0;
  }
  unindexed_bytes_ += static_cast<int64_t>(header.size_bytes());
}

void Segment::note_timestamp(const RecordBatchHeader& header) {
  if (header.max_timestamp > newest_->timestamp) newest_ = Newest{header.max_timestamp, header.last_offset()};
}

void Segment::index_timestamp() {
  if (newest_->timestamp <= indexed_timestamp_) return;
  (void)time_index_.append({.key = newest_->timestamp, .value = relative(newest_->offset)});
  indexed_timestamp_ = newest_->timestamp;
}

void Segment::seal() {
  if (newest_) index_timestamp();
}

Result<int64_t> Segment::max_timestamp() {
  if (newest_) return newest_->timestamp;
  const auto last = time_index_.last();
  if (!last) return fail(last.error());
  newest_ = *last ? Newest{(*last)->key, base_offset_ + (*last)->value} : Newest{};
  indexed_timestamp_ = newest_->timestamp;
  return newest_->timestamp;
}

Result<std::optional<Segment::FoundBatch>> Segment::find(int64_t offset) {
  const auto file = log_file();
  if (!file) return fail(file.error());
  const auto hint = offset_index_.floor(offset - base_offset_);
  uint64_t start = hint && *hint ? static_cast<uint64_t>((*hint)->value) : 0;
  for (;;) {
    BatchReader reader(**file, start, size_bytes_, kLookUpChunkBytes);
    for (;;) {
      const auto header = reader.header();
      if (!header) return fail(header.error());
      if (!*header) break;
      if ((*header)->last_offset() >= offset) return FoundBatch{reader.position(), **header};
      reader.skip(**header);
    }
    if (reader.is_at_end()) return std::nullopt;
    if (start == 0) {
      return fail(ErrorCode::kCorrupt, fmt::format("{} holds no record batch at {}", log_path(), reader.position()));
    }
    start = 0;  // a wrong hint
  }
}

}  // namespace omashu::broker
