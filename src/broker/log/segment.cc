#include "broker/log/segment.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>

#include "broker/log/batch_reader.h"

namespace omashu::broker {

namespace {

constexpr size_t kLookUpChunkBytes = 4096;
constexpr uint64_t kMaxPosition = std::numeric_limits<int32_t>::max();  // that an index can hold

}  // namespace

Segment::Segment(OpenFiles& files, const SegmentFiles& names, Offset base_offset, uint64_t size_bytes,
                 int64_t modified_ms)
    : files_(files),
      names_(names),
      base_offset_(base_offset),
      size_bytes_(size_bytes),
      modified_ms_(modified_ms),
      offset_index_(files, names.offset_index, SparseIndex::KeyBytes::kFour),
      time_index_(files, names.time_index, SparseIndex::KeyBytes::kEight),
      trusted_from_(size_bytes) {
  if (size_bytes == 0) newest_ = Newest{};
}

Result<std::shared_ptr<File>> Segment::log_file() {
  if (unsynced_file_) return unsynced_file_;
  return files_.open(names_.log, FileSystem::OpenMode::kExisting);
}

Result<void> Segment::create() {
  if (auto done = remove_files(); !done) return done;  // of a segment that a crash has undone
  const auto file = files_.open(names_.log, FileSystem::OpenMode::kCreate);
  if (!file) return fail(file.error());
  // The index has no entries yet, but its name tells of the segment if the .log should get lost.
  const auto index = files_.file_system().open(names_.offset_index, FileSystem::OpenMode::kCreate);
  if (!index) return fail(index.error());
  return {};
}

Result<void> Segment::remove_files() {
  for (const std::string* path : {&names_.offset_index, &names_.time_index, &names_.log}) {
    if (auto done = files_.file_system().remove_file(*path); !done) return done;
  }
  forget_files();
  return {};
}

void Segment::forget_files() {
  for (const std::string* path : {&names_.offset_index, &names_.time_index, &names_.log}) files_.forget(*path);
}

Result<void> Segment::sync() {
  const auto log = log_file();
  if (!log) return fail(log.error());
  if (auto done = (*log)->sync(); !done) return done;
  set_synced();
  for (SparseIndex* index : {&offset_index_, &time_index_}) {
    if (const auto written = index->write(); !written) return fail(written.error());
    const auto file = files_.open(index->path(), FileSystem::OpenMode::kCreate);
    if (!file) return fail(file.error());
    if (auto done = (*file)->sync(); !done) return done;
  }
  return {};
}

Result<void> Segment::append(std::string_view batch, const RecordBatchHeader& header, int32_t index_interval_bytes,
                             int64_t now_ms) {
  if (auto done = cut_torn_tail(); !done) return done;
  const auto file = log_file();
  if (!file) return fail(file.error());
  unsynced_file_ = *file;  // also where it fails: that what was written is cut off again has to come to the disk, too
  if (auto written = (*file)->write_all(size_bytes_, batch); !written) {
    has_torn_tail_ = true;
    const auto cut = cut_torn_tail();
    if (cut || cut.error().code == ErrorCode::kUnavailable) return written;
    return fail(ErrorCode::kIo, written.error().message);
  }
  const uint64_t position = size_bytes_;
  size_bytes_ += batch.size();
  modified_ms_ = now_ms;
  note(header, position, index_interval_bytes);
  return {};
}

Result<void> Segment::cut_torn_tail() {
  if (!has_torn_tail_) return {};
  const auto file = log_file();
  if (!file) return fail(file.error());
  auto done = (*file)->truncate(size_bytes_);
  if (done) has_torn_tail_ = false;
  return done;
}

void Segment::note(const RecordBatchHeader& header, uint64_t position, int32_t index_interval_bytes) {
  note_timestamp(header);
  if (unindexed_bytes_ > index_interval_bytes && position <= kMaxPosition) {
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
  const auto file = log_file();
  if (!file) return fail(file.error());
  const auto known_to = load_newest();
  if (!known_to) return fail(known_to.error());
  BatchReader reader(**file, *known_to, size_bytes_, kLookUpChunkBytes);
  for (;;) {
    const auto header = reader.header();
    if (!header) return fail(header.error());
    if (!*header) break;
    note_timestamp(**header);
    reader.skip(**header);
  }
  if (reader.is_at_end()) return newest_->timestamp;
  newest_.reset();
  return corrupt(reader.position());
}

Result<uint64_t> Segment::load_newest() {
  newest_ = Newest{};
  indexed_timestamp_ = -1;
  const auto last = time_index_.last();
  if (!last) return fail(last.error());
  if (!*last) return 0;
  const auto batch = batch_of(**last);
  if (!batch) return fail(batch.error());
  if (!*batch) return 0;
  newest_ = Newest{(*last)->key, (*batch)->header.last_offset()};
  indexed_timestamp_ = newest_->timestamp;
  return (*batch)->position;
}

Result<std::optional<Segment::FoundBatch>> Segment::batch_of(const SparseIndex::Entry& time_entry) {
  auto batch = find(base_offset_ + time_entry.value);
  if (!batch || !*batch) return batch;
  const RecordBatchHeader& header = (*batch)->header;
  if (header.max_timestamp != time_entry.key || relative(header.last_offset()) != time_entry.value) return std::nullopt;
  return batch;
}

Result<std::optional<Segment::FoundBatch>> Segment::find(Offset offset) {
  const auto file = log_file();
  if (!file) return fail(file.error());
  // An index that cannot be read, or that leads to another batch than it says, costs time only.
  const auto hint = offset_index_.floor(offset - base_offset_);
  if (hint && *hint) {
    BatchReader reader(**file, static_cast<uint64_t>((*hint)->value), size_bytes_, kLookUpChunkBytes);
    const auto header = reader.header();
    if (!header) return fail(header.error());
    if (*header && relative((*header)->last_offset()) == (*hint)->key) return walk(reader, offset);
  }
  BatchReader reader(**file, 0, size_bytes_, kLookUpChunkBytes);
  return walk(reader, offset);
}

Result<std::optional<Segment::FoundBatch>> Segment::walk(BatchReader& reader, Offset offset) {
  std::optional<Offset> next_offset;
  if (reader.position() == 0) next_offset = base_offset_;
  for (;;) {
    const auto header = reader.header();
    if (!header) return fail(header.error());
    if (!*header) break;
    if (next_offset && (*header)->base_offset != *next_offset) {
      const auto holds = reader.is_jump_plausible(**header, *next_offset);
      if (!holds) return fail(holds.error());
      if (!*holds) return corrupt(reader.position());
    }
    if ((*header)->last_offset() >= offset) return FoundBatch{reader.position(), **header};
    next_offset = (*header)->next_offset();
    reader.skip(**header);
  }
  if (reader.is_at_end()) return std::nullopt;
  return corrupt(reader.position());
}

std::unexpected<Error> Segment::corrupt(uint64_t position) {
  is_damaged_ = true;
  return fail(ErrorCode::kCorrupt, fmt::format("{} is damaged at position {}", names_.log, position));
}

Result<bool> Segment::is_gap(const FoundBatch& batch) {
  if (batch.header.records_count > 0 || batch.header.size_bytes() > kBatchHeaderBytes) return false;
  const auto file = log_file();
  if (!file) return fail(file.error());
  BatchReader reader(**file, batch.position, size_bytes_, kBatchHeaderBytes);
  const auto whole = reader.batch();
  if (!whole) return fail(whole.error());
  return *whole && (*whole)->has_valid_crc();
}

Result<std::optional<Segment::FoundBatch>> Segment::find_from_time(int64_t timestamp) {
  // Up to the entry's offset everything is at most as new as its key.
  const auto hint = time_index_.floor(std::max(timestamp, int64_t{0}) - 1);
  if (hint && *hint) {
    auto batch = batch_of(**hint);
    if (!batch || *batch) return batch;
  }
  return find(base_offset_);
}

uint64_t Segment::verified_to(uint64_t position) const {
  if (position >= trusted_from_) return size_bytes_;
  return position >= verified_begin_ && position < verified_end_ ? verified_end_ : position;
}

void Segment::set_verified(uint64_t begin, uint64_t end) {
  if (begin <= verified_end_ && end >= verified_begin_) {
    verified_begin_ = std::min(verified_begin_, begin);
    verified_end_ = std::max(verified_end_, end);
  } else {
    verified_begin_ = begin;
    verified_end_ = end;
  }
  if (verified_end_ >= trusted_from_) trusted_from_ = std::min(trusted_from_, verified_begin_);
}

}  // namespace omashu::broker
