// The latest offset of each key in a stretch of a log, in bounded memory: a slot of 24 bytes for a key, whatever its
// length. Not thread-safe.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/offset.h"
#include "broker/log/key_hash.h"

namespace omashu::broker {

class OffsetMap {
 public:
  // Takes memory as it is needed, at most so many bytes (some 20 KB at least).
  explicit OffsetMap(size_t max_bytes);

  // Offsets must come in growing order. False where the key is new and there is no room for another one.
  bool put(std::string_view key, Offset offset);
  std::optional<Offset> find(std::string_view key) const;
  size_t size() const { return size_; }

 private:
  struct Slot {
    KeyHash hash = {};
    Offset offset = kNoOffset;  // kNoOffset: free
  };

  Slot& slot_of(const KeyHash& hash);  // the one that has it, or the free one where it belongs
  bool grow();

  const KeyHasher hash_;
  const size_t max_slots_;
  std::vector<Slot> slots_;
  size_t size_ = 0;
};

}  // namespace omashu::broker
