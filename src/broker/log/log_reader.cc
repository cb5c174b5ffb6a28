#include "broker/log/log_reader.h"

#include <fmt/core.h>

#include <algorithm>

#include "broker/log/batch_reader.h"
#include "broker/log/log_files.h"
#include "broker/log/log_mender.h"

namespace omashu::broker {

namespace {

constexpr size_t kVerifyChunkBytes = 256 << 10;
constexpr int kMaxAttempts = 4;  // each but the last one has mended something

// How far the batches from `position` on are whole, pass their CRC and follow each other; those that do not end before
// `end` are left out. Nothing where one does not hold.
Result<std::optional<uint64_t>> find_verified_end(BatchReader& reader, uint64_t end, Offset end_offset) {
  std::optional<Offset> next_offset;
  while (reader.position() < end) {
    const auto header = reader.header();
    if (!header) return fail(header.error());
    if (!*header || (*header)->next_offset() > end_offset) return std::nullopt;
    if (next_offset && (*header)->base_offset != *next_offset) {
      const auto holds = reader.is_jump_plausible(**header, *next_offset);
      if (!holds) return fail(holds.error());
      if (!*holds) return std::nullopt;
    }
    if ((*header)->size_bytes() > end - reader.position()) break;
    const auto batch = reader.batch();
    if (!batch) return fail(batch.error());
    if (!(*batch)->has_valid_crc()) return std::nullopt;
    next_offset = (*header)->next_offset();
    reader.skip(**header);
  }
  return reader.position();
}

}  // namespace

Result<LogOffsets> LogReader::offsets() {
  const MutexLock lock(state_.mutex);
  if (auto ready = state_.open_if_needed(); !ready) return fail(ready.error());
  return LogOffsets{.log_start_offset = state_.log_start_offset, .log_end_offset = state_.log_end_offset};
}

Result<uint64_t> LogReader::size_bytes() {
  const MutexLock lock(state_.mutex);
  uint64_t total_bytes = 0;
  if (state_.is_open) {
    for (const auto& segment : state_.segments) total_bytes += segment->size_bytes();
    return total_bytes;
  }
  const auto files = state_.files.file_system().list(state_.folder);
  if (!files && files.error().code == ErrorCode::kNotFound) return 0;
  if (!files) return fail(files.error());
  for (const FileInfo& file : *files) {
    const auto name = parse_log_file_name(file.name);
    if (name && name->kind == LogFileName::Kind::kLog) total_bytes += file.size_bytes;
  }
  return total_bytes;
}

Result<std::vector<ActiveProducer>> LogReader::active_producers() {
  const MutexLock lock(state_.mutex);
  if (auto ready = state_.open_if_needed(); !ready) return fail(ready.error());
  return state_.producers.active();
}

ReadResult LogReader::read(Offset offset, const ReadOptions& options) {
  const auto storage_error = [](const Error& error) {
    return ReadResult{.error = KafkaError::kKafkaStorageError, .message = error.message, .records = {}};
  };
  const auto unread = [&](const Error& error) {
    ReadResult result = storage_error(error);
    result.needs_mending = error.code == ErrorCode::kCorrupt && !options.mends;
    result.may_succeed_later = error.code == ErrorCode::kUnavailable;
    return result;
  };
  for (int attempt = 1;; ++attempt) {
    auto result = try_to_read(offset, options);
    if (result) return *std::move(result);
    const bool is_damaged = result.error().code == ErrorCode::kCorrupt;
    if (!is_damaged || !options.mends || attempt == kMaxAttempts) return unread(result.error());
    const auto mended = mend_damaged_segments(state_);
    if (!mended) return storage_error(mended.error());
    if (!*mended) return storage_error(result.error());
  }
}

Result<ReadResult> LogReader::try_to_read(Offset offset, const ReadOptions& options) {
  ReadResult result;
  const auto unverified = look_up(offset, options, result);
  if (!unverified) return fail(unverified.error());
  if (*unverified) {
    if (auto done = verify(result.records, **unverified); !done) return fail(done.error());
  }
  return result;
}

Result<std::optional<LogReader::Unverified>> LogReader::look_up(Offset offset, const ReadOptions& options,
                                                                ReadResult& result) {
  const MutexLock lock(state_.mutex);
  if (auto ready = state_.open_if_needed(); !ready) return fail(ready.error());
  result.log_start_offset = state_.log_start_offset;
  result.high_watermark = state_.log_end_offset;
  if (offset < state_.log_start_offset || offset > state_.log_end_offset) {
    result.error = KafkaError::kOffsetOutOfRange;
    return std::nullopt;
  }
  const Offset limit_offset = std::min(options.upper_bound_offset, state_.log_end_offset);
  if (offset >= limit_offset) return std::nullopt;
  auto found = slice(offset, limit_offset, options);
  if (!found) return fail(found.error());
  result.records = std::move(found->records);
  return std::move(found->unverified);
}

Result<std::optional<LogReader::Place>> LogReader::find(Offset offset) {
  for (size_t i = state_.segment_of(offset); i < state_.segments.size(); ++i) {
    Segment& segment = *state_.segments[i];
    const auto batch = segment.find(offset);
    if (!batch) return fail(batch.error());
    if (*batch) return Place{i, **batch};
    const bool is_end_lost = offset < state_.end_of_segment(i) && !segment.is_mended() && !state_.may_end_early(i);
    if (!is_end_lost) continue;
    segment.set_damaged();
    return fail(ErrorCode::kCorrupt, fmt::format("{} ends before offset {}", segment.names().log, offset));
  }
  return std::nullopt;
}

// Some clients take a batch without records for the end of the log.
Result<std::optional<LogReader::Place>> LogReader::find_records(Offset offset, Offset limit_offset) {
  const auto first = find(offset);
  if (!first || !*first) return first;
  for (auto place = first; place && *place; place = find((*place)->batch.header.next_offset())) {
    const auto is_gap = state_.segments[(*place)->segment]->is_gap((*place)->batch);
    if (!is_gap) return fail(is_gap.error());
    if (!*is_gap) return place;
    if ((*place)->batch.header.next_offset() >= limit_offset) break;
  }
  return first;
}

Result<LogReader::Slice> LogReader::slice(Offset offset, Offset limit_offset, const ReadOptions& options) {
  const auto first = find_records(offset, limit_offset);
  if (!first) return fail(first.error());
  if (!*first) return Slice{};
  const size_t index = (*first)->segment;
  Segment& segment = *state_.segments[index];
  const uint64_t position = (*first)->batch.position;
  uint64_t end = segment.size_bytes();
  if (limit_offset < state_.end_of_segment(index)) {
    const auto limit = segment.find(limit_offset);
    if (!limit) return fail(limit.error());
    if (*limit) end = std::max((*limit)->position, position);
  }
  const uint64_t first_bytes = (*first)->batch.header.size_bytes();
  uint64_t size = std::min<uint64_t>(end - position, options.max_bytes);
  if (size < first_bytes) size = options.min_one_batch && end > position ? first_bytes : 0;
  auto file = segment.log_file();
  if (!file) return fail(file.error());
  Slice found{.records = {.file = std::move(*file), .position = position, .size_bytes = static_cast<uint32_t>(size)},
              .unverified = {}};
  const uint64_t verified_to = segment.verified_to(position);
  if (verified_to < position + size) {
    found.unverified = {state_.segments[index], verified_to, segment.size_bytes(), state_.end_of_segment(index)};
  }
  return found;
}

Result<void> LogReader::verify(const FileSlice& slice, const Unverified& unverified) {
  BatchReader reader(*slice.file, unverified.position, unverified.segment_bytes, kVerifyChunkBytes);
  const auto end = find_verified_end(reader, slice.position + slice.size_bytes, unverified.end_offset);
  if (!end && end.error().code != ErrorCode::kCorrupt) return fail(end.error());
  Segment& segment = *unverified.segment;
  const MutexLock lock(state_.mutex);
  if (end && *end) {
    segment.set_verified(unverified.position, **end);
    return {};
  }
  segment.set_damaged();
  return fail(ErrorCode::kCorrupt, fmt::format("{} is damaged at position {}", segment.names().log, reader.position()));
}

}  // namespace omashu::broker
