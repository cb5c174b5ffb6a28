#include "broker/log/offset_map.h"

#include <algorithm>

namespace omashu::broker {

namespace {

constexpr size_t kFirstSlots = 512;

}  // namespace

// While the map grows, both the old slots and the new ones are there: the new ones are twice as many.
OffsetMap::OffsetMap(size_t max_bytes)
    : max_slots_(std::max(kFirstSlots, max_bytes / sizeof(Slot) * 2 / 3)), slots_(kFirstSlots) {}

bool OffsetMap::put(std::string_view key, Offset offset) {
  const KeyHash hash = hash_(key);
  Slot* slot = &slot_of(hash);
  if (slot->offset == kNoOffset) {
    if (size_ + 1 > slots_.size() / 4 * 3) {
      if (!grow()) return false;
      slot = &slot_of(hash);
    }
    slot->hash = hash;
    ++size_;
  }
  slot->offset = offset;
  return true;
}

std::optional<Offset> OffsetMap::find(std::string_view key) const {
  const Slot& slot = const_cast<OffsetMap*>(this)->slot_of(hash_(key));
  return slot.offset == kNoOffset ? std::nullopt : std::optional(slot.offset);
}

OffsetMap::Slot& OffsetMap::slot_of(const KeyHash& hash) {
  size_t index = hash[0] % slots_.size();
  while (slots_[index].offset != kNoOffset && slots_[index].hash != hash)
    index = index + 1 == slots_.size() ? 0 : index + 1;
  return slots_[index];
}

bool OffsetMap::grow() {
  if (slots_.size() >= max_slots_) return false;
  std::vector<Slot> old(std::min(max_slots_, slots_.size() * 2));
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.offset != kNoOffset) slot_of(slot.hash) = slot;
  }
  return true;
}

}  // namespace omashu::broker
