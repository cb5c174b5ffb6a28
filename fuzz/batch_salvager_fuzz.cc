// What is saved of a damaged segment: the batches that hold, and between them each damage with the offsets that it has
// cost.
//
// The first byte says whether the batches' CRCs are made right, as far as they follow each other from the start, so
// that what lies behind them is reached; whether the segment was never compacted; and whether it is followed by another
// one. The rest is the file.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "broker/log/batch_salvager.h"
#include "broker/log/big_endian.h"
#include "broker/log/record_batch_builder.h"

namespace {

using namespace omashu;
using namespace omashu::broker;

constexpr uint8_t kMadeRight = 1;
constexpr uint8_t kDense = 2;
constexpr uint8_t kSealed = 4;
constexpr Offset kSealedEnd{40};

void check(bool holds) {
  if (!holds) std::abort();
}

class TextFile final : public File {
 public:
  explicit TextFile(std::string_view bytes) : bytes_(bytes) {}

  Result<size_t> read_some(uint64_t position, std::span<char> into) const override {
    if (position >= bytes_.size()) return 0;
    return bytes_.copy(into.data(), into.size(), position);
  }
  Result<size_t> write_some(uint64_t, std::string_view) override { std::abort(); }
  Result<uint64_t> size_bytes() const override { return bytes_.size(); }
  Result<void> truncate(uint64_t) override { std::abort(); }
  Result<void> sync() override { return {}; }
  int native_fd() const override { return -1; }

 private:
  std::string_view bytes_;
};

void make_right(std::string& bytes) {
  for (size_t position = 0; bytes.size() - position >= kBatchHeaderBytes;) {
    char* batch = bytes.data() + position;
    batch[batch_field::kMagic] = kMagic;
    const auto header = RecordBatchHeader::parse({batch, bytes.size() - position});
    if (!header || header->size_bytes() > bytes.size() - position) return;
    store_big_endian(batch + batch_field::kCrc, batch_crc({batch, header->size_bytes()}));
    position += header->size_bytes();
  }
}

struct Saved {
  std::string bytes;  // with a batch without records for the offsets that are lost
  std::vector<BatchSalvager::Damage> damage;
  bool is_gap_too_large = false;  // for a batch
};

void append_gap(Saved& saved, const BatchSalvager::Damage& damage) {
  if (damage.end_offset - damage.first_offset > std::numeric_limits<int32_t>::max()) {
    saved.is_gap_too_large = true;
  } else if (damage.end_offset > damage.first_offset) {
    saved.bytes += build_gap_batch(damage.first_offset, damage.end_offset);
  }
}

// Batches and damage cover the file, one after the other, and so do their offsets.
Saved salvage(std::string_view bytes, const BatchSalvager::Bounds& bounds) {
  const TextFile file(bytes);
  BatchSalvager salvager(file, 0, bytes.size(), bounds);
  Saved saved;
  uint64_t position = 0;
  Offset next_offset = bounds.first_offset;
  for (;;) {
    const auto batch = salvager.next();
    check(batch.has_value());
    const bool is_after_damage = salvager.damage().size() > saved.damage.size();
    if (is_after_damage) {
      saved.damage.push_back(salvager.damage().back());
      const BatchSalvager::Damage& damage = saved.damage.back();
      check(salvager.damage().size() == saved.damage.size());
      check(damage.position == position && damage.end > damage.position && damage.end <= bytes.size());
      check(damage.first_offset == next_offset && damage.end_offset >= next_offset);
      check(damage.end_offset <= bounds.end_offset);
      append_gap(saved, damage);
      position = damage.end;
      next_offset = damage.end_offset;
    }
    if (!*batch) break;
    const RecordBatchHeader& header = (*batch)->header;
    check(salvager.position() == position && (*batch)->bytes == bytes.substr(position, header.size_bytes()));
    check((*batch)->has_valid_crc());
    check(header.base_offset >= next_offset && header.next_offset() <= bounds.end_offset);
    check(!bounds.is_dense || header.base_offset == next_offset);
    saved.bytes += (*batch)->bytes;
    position += header.size_bytes();
    next_offset = header.next_offset();
    check(salvager.next_offset() == next_offset);
  }
  check(position == bytes.size());
  return saved;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const uint8_t flags = data[0];
  std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if ((flags & kMadeRight) != 0) make_right(bytes);
  const BatchSalvager::Bounds bounds{.first_offset = Offset{0},
                                     .end_offset = (flags & kSealed) != 0 ? kSealedEnd : kMaxOffset,
                                     .is_dense = (flags & kDense) != 0};
  const Saved saved = salvage(bytes, bounds);
  check(!saved.damage.empty() || saved.bytes == bytes);
  // What was saved is not damaged.
  if (!saved.is_gap_too_large) check(salvage(saved.bytes, bounds).damage.empty());
  return 0;
}
