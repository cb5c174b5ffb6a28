// Makes slots of a datum (datum.h) while it is being read.
//
// Slots stand in regions: one for the root, one for each item of an array or map, one for each record that is a routine
// of its own. Records within them that are compiled in line have their fields' slots further on in the same region.

#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "avro/arena.h"
#include "avro/datum.h"
#include "avro/float_widening.h"
#include "avro/program.h"
#include "base/utf8.h"

namespace omashu::avro {

class SlotSink {
 public:
  static constexpr bool kFusedOps = true;

  struct Frame {
    Slot* outer;  // the region before
    Slot* items;
    size_t capacity;
  };

  SlotSink(Arena& arena, Slot* root) : arena_(&arena), region_(root) {}

  void text(const Op&) {}
  void null(const Op& op) { branch(op, OptionalDetail::null_branch(op)); }
  void boolean(const Op& op, uint32_t i, bool value) { slot(op, i).integer = value ? 1 : 0; }
  void integer(const Op& op, uint32_t i, int64_t value) { slot(op, i).integer = value; }
  void real(const Op& op, uint32_t i, double value) { slot(op, i).real = value; }
  void real32(const Op& op, uint32_t i, float value) { slot(op, i).real = widen(value); }
  void bytes(const Op& op, std::string_view value) { put(slot(op), value); }
  bool string(const Op& op, uint32_t i, std::string_view value, size_t readable) {
    put(slot(op, i), value);
    return is_valid_utf8(value, readable);
  }
  bool enumeration(const Op& op, uint32_t index, const Program& program) {
    const uint32_t symbol = op.x == Op::kNone ? index : program.tables[op.x + index];
    slot(op).integer = symbol;
    return symbol != Op::kNone;
  }
  void logical(const Op& op, int64_t value) { integer(op, 0, value); }
  void logical(const Op& op, std::string_view value, const Program&) { bytes(op, value); }

  void branch(const Op& op, uint32_t branch) { slot(op).branch = static_cast<uint16_t>(branch); }
  void record(const Op& op) {
    slot(op).integer = static_cast<int64_t>(op.x) - static_cast<int64_t>(op.at);
    slot(op).stride = 1;
  }
  void mark() {}
  void reorder(const Op&, const Program&) {}
  void tag_if_misread(const Op&, const Program&) {}

  bool begin_call(const Op& op, Frame& frame) {
    auto* fields = static_cast<Slot*>(arena_->allocate(op.n * sizeof(Slot)));
    if (fields == nullptr) return false;
    slot(op).slots = fields;
    slot(op).stride = 0;
    frame.outer = region_;
    region_ = fields;
    return true;
  }
  void end_call(Frame& frame) { region_ = frame.outer; }

  void begin_items(const Op&, Frame& frame) { frame = {.outer = region_, .items = nullptr, .capacity = 0}; }
  bool next_item(const Op& op, Frame& frame, uint64_t index, uint64_t expected) {
    if (index == frame.capacity && !grow(op, frame, std::min(expected, 8 + kMaxReservedSlots / op.size))) [[unlikely]]
      return false;
    region_ = frame.items + index * op.size;
    return true;
  }
  bool doubles(const Op& op, Frame& frame, uint64_t index, std::string_view raw) {
    const size_t count = raw.size() / sizeof(double);
    if (index + count > frame.capacity && !grow(op, frame, count)) return false;
    Slot* const items = frame.items + index;
    for (size_t i = 0; i < count; ++i) {
      std::memcpy(&items[i].real, raw.data() + i * sizeof(double), sizeof(double));
    }
    return true;
  }
  void end_items(const Op& op, Frame& frame, uint64_t count) {
    region_ = frame.outer;
    Slot& loop = slot(op);
    loop.slots = frame.items;
    loop.size = static_cast<uint32_t>(count);
    loop.stride = op.size;
  }
  bool key(std::string_view key, size_t readable) {
    put(region_[0], key);
    return is_valid_utf8(key, readable);
  }

 private:
  // What a block's count is believed for before its items are there.
  static constexpr uint64_t kMaxReservedSlots = 4096;

  Slot& slot(const Op& op, uint32_t i = 0) { return region_[op.at + i]; }

  static void put(Slot& slot, std::string_view value) {
    slot.bytes = value.data();
    slot.size = static_cast<uint32_t>(value.size());
  }

  // Room for `wanted` more items, and for twice as many as before at least. Slots move as they are, since records in
  // line are found by distance.
  bool grow(const Op& op, Frame& frame, size_t wanted) {
    const size_t capacity = std::max(frame.capacity + wanted, 2 * frame.capacity);
    auto* items = static_cast<Slot*>(arena_->allocate(capacity * op.size * sizeof(Slot)));
    if (items == nullptr) return false;
    if (frame.capacity > 0) std::memcpy(items, frame.items, frame.capacity * op.size * sizeof(Slot));
    frame.items = items;
    frame.capacity = capacity;
    return true;
  }

  Arena* arena_;
  Slot* region_;
};

}  // namespace omashu::avro
