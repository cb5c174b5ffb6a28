#include "broker/log/batch_reader.h"

#include <algorithm>

namespace omashu::broker {

BatchReader::BatchReader(const File& file, uint64_t position, uint64_t end, size_t chunk_bytes)
    : file_(file), position_(position), end_(end), chunk_bytes_(chunk_bytes) {}

Result<std::string_view> BatchReader::bytes(size_t size) {
  const bool is_there = position_ >= chunk_position_ && position_ + size <= chunk_position_ + chunk_.size();
  if (!is_there) {
    chunk_.resize(std::min<uint64_t>(std::max(size, chunk_bytes_), end_ - position_));
    chunk_position_ = position_;
    if (auto done = file_.read_all(position_, chunk_); !done) {
      chunk_.clear();
      return fail(done.error());
    }
  }
  return std::string_view(chunk_).substr(position_ - chunk_position_, size);
}

Result<std::optional<RecordBatchHeader>> BatchReader::header() {
  if (position_ > end_ || end_ - position_ < kBatchHeaderBytes) return std::nullopt;
  const auto raw = bytes(kBatchHeaderBytes);
  if (!raw) return fail(raw.error());
  const auto header = RecordBatchHeader::parse(*raw);
  if (!header || header->base_offset < Offset{0} || header->size_bytes() > end_ - position_) return std::nullopt;
  return *header;
}

Result<std::optional<RecordBatchView>> BatchReader::batch() {
  const auto found = header();
  if (!found) return fail(found.error());
  if (!*found) return std::nullopt;
  const auto whole = bytes((*found)->size_bytes());
  if (!whole) return fail(whole.error());
  return RecordBatchView{.header = **found, .bytes = *whole};
}

Result<bool> BatchReader::is_jump_plausible(const RecordBatchHeader& header, Offset previous_next_offset) const {
  if (header.base_offset < previous_next_offset) return false;
  BatchReader after(file_, position_ + header.size_bytes(), end_, kBatchHeaderBytes);
  const auto following = after.header();
  if (!following) return fail(following.error());
  if (!*following || (*following)->base_offset < previous_next_offset) return true;
  return (*following)->base_offset >= header.next_offset();
}

}  // namespace omashu::broker
