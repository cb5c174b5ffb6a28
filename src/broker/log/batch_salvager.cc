#include "broker/log/batch_salvager.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace omashu::broker {

namespace {

constexpr size_t kChunkBytes = 256 << 10;
constexpr uint64_t kMinScanBudgetBytes = 256 << 20;
constexpr int16_t kKnownAttributes = 0x7F;
constexpr uint64_t kMaxRecordsPerByte = 4096;  // more than any codec makes of records of the same few bytes

// What cannot be told from the offsets.
bool is_plausible(const RecordBatchHeader& header) {
  return (header.attributes & ~kKnownAttributes) == 0 && header.records_count <= int64_t{header.last_offset_delta} + 1;
}

}  // namespace

BatchSalvager::BatchSalvager(const File& file, uint64_t position, uint64_t end, const Bounds& bounds)
    : file_(file),
      end_(end),
      bounds_(bounds),
      position_(position),
      next_offset_(bounds.first_offset),
      scan_budget_bytes_(kMinScanBudgetBytes + 4 * (end - position)),
      reader_(file, position, end, kChunkBytes) {}

Result<std::optional<RecordBatchView>> BatchSalvager::next() {
  position_ += batch_bytes_;
  batch_bytes_ = 0;
  if (position_ == end_) return std::nullopt;
  const Damage before{.position = position_, .end = position_, .first_offset = next_offset_, .end_offset = Offset{0}};
  auto batch = read_at(position_, false);
  if (!batch) return fail(batch.error());
  if (!*batch) {
    damage_position_ = position_;
    const auto found = find_next_batch();
    if (!found) return fail(found.error());
    position_ = *found;
    batch = read_at(position_, true);
    if (!batch) return fail(batch.error());
    const Offset end_offset = *batch ? (*batch)->header.base_offset : bounds_.end_offset;
    damage_.push_back({before.position, position_, before.first_offset, end_offset});
    if (!*batch) return std::nullopt;
  }
  batch_bytes_ = (*batch)->bytes.size();
  next_offset_ = (*batch)->header.next_offset();
  return batch;
}

Result<std::optional<RecordBatchView>> BatchSalvager::read_at(uint64_t position, bool is_after_damage) {
  reader_.move_to(position);
  const auto header = reader_.header();
  if (!header) return fail(header.error());
  if (!*header || !is_plausible(**header) || !fits(**header, is_after_damage)) return std::nullopt;
  const uint64_t size = (*header)->size_bytes();
  if (is_after_damage) {
    if (size > scan_budget_bytes_) return std::nullopt;
    scan_budget_bytes_ -= size;
  }
  const auto batch = reader_.batch();
  if (!batch) return fail(batch.error());
  if (!(*batch)->has_valid_crc()) return std::nullopt;
  if ((*header)->base_offset != next_offset_ || (bounds_.is_dense && is_after_damage)) {
    const auto holds = is_jump_plausible(**header, position);
    if (!holds) return fail(holds.error());
    if (!*holds) return std::nullopt;
  }
  return *batch;
}

bool BatchSalvager::fits(const RecordBatchHeader& header, bool is_after_damage) const {
  if (header.next_offset() > bounds_.end_offset) return false;
  if (bounds_.is_dense && !is_after_damage) return header.base_offset == next_offset_;
  return header.base_offset >= next_offset_;
}

// After damage a batch begins later than the one before it ended; its offset, which no CRC covers, may be wrong, too.
Result<bool> BatchSalvager::is_jump_plausible(const RecordBatchHeader& header, uint64_t position) {
  if (!bounds_.is_dense) return reader_.is_jump_plausible(header, next_offset_);
  const auto lost_offsets = static_cast<uint64_t>(header.base_offset - next_offset_);
  if (lost_offsets > (position - damage_position_) * kMaxRecordsPerByte) return false;
  BatchReader after(file_, position + header.size_bytes(), end_, kBatchHeaderBytes);
  const auto following = after.header();
  if (!following) return fail(following.error());
  return !*following || (*following)->base_offset == header.next_offset();
}

// What the damaged bytes say of their own length is tried first, so that bytes within a record that look like a batch
// are not asked.
Result<uint64_t> BatchSalvager::find_next_batch() {
  reader_.move_to(position_);
  const auto header = reader_.header();
  if (!header) return fail(header.error());
  if (*header) {
    const uint64_t claimed_end = position_ + (*header)->size_bytes();
    const auto batch = read_at(claimed_end, true);
    if (!batch) return fail(batch.error());
    if (*batch) return claimed_end;
  }
  return scan(position_ + 1);
}

Result<uint64_t> BatchSalvager::scan(uint64_t from) {
  std::string chunk;
  while (from < end_ && end_ - from >= kBatchHeaderBytes) {
    chunk.resize(std::min<uint64_t>(kChunkBytes, end_ - from));
    if (auto done = file_.read_all(from, chunk); !done) return fail(done.error());
    // Headers that begin in the last bytes of the chunk are left to the next one.
    const size_t starts = chunk.size() - kBatchHeaderBytes + 1;
    for (size_t at = 0; at < starts; ++at) {
      const char* magics = chunk.data() + batch_field::kMagic;
      const void* magic = std::memchr(magics + at, kMagic, starts - at);
      if (magic == nullptr) break;
      at = static_cast<size_t>(static_cast<const char*>(magic) - magics);
      if (!RecordBatchHeader::parse({chunk.data() + at, kBatchHeaderBytes})) continue;
      const auto batch = read_at(from + at, true);
      if (!batch) return fail(batch.error());
      if (*batch) return from + at;
    }
    from += starts;
  }
  return end_;
}

}  // namespace omashu::broker
