// What a partition remembers of each idempotent producer: its epoch and its last five batches, because so many may be
// on their way at once and be sent again. A batch that came before is answered with the offset it got then.
//
// A producer that is not known may start with any sequence: its state may have expired. No clock inside; not
// thread-safe.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/offset.h"
#include "broker/log/record_batch.h"
#include "omashu/result.h"

namespace omashu::broker {

// What is known of a producer's last batch.
struct ActiveProducer {
  ProducerId producer_id = kNoProducerId;
  int16_t epoch = -1;
  int32_t last_sequence = -1;
  int64_t last_timestamp = -1;
};

class ProducerStates {
 public:
  struct Batch {
    int32_t last_sequence = -1;
    Offset last_offset = kNoOffset;
    int32_t offset_delta = 0;  // from the first offset to the last, and from the first sequence to the last
    int64_t timestamp = -1;    // the batch's max_timestamp

    Offset base_offset() const { return last_offset - offset_delta; }
    int32_t base_sequence() const { return add_to_sequence(last_sequence, -offset_delta); }
  };

  enum class Verdict { kNext, kDuplicate, kOutOfOrder, kOldEpoch };
  struct Check {
    Verdict verdict = Verdict::kNext;
    Batch duplicate = {};           // of what, for kDuplicate
    int32_t expected_sequence = 0;  // for kOutOfOrder
  };
  // The header is one with a producer, its offsets may be preliminary.
  Check check(const RecordBatchHeader& header) const;

  // Takes a batch that was appended. `now_ms` may be -1 where it is not known: the next expire() then counts as now.
  void update(const RecordBatchHeader& header, int64_t now_ms);

  // Forgets who has not written for so long, and the longest silent where there are more than `max_producers`.
  void expire(int64_t now_ms, int64_t expiration_ms, size_t max_producers);

  size_t size() const { return producers_.size(); }
  std::vector<ActiveProducer> active() const;       // by id
  std::unordered_set<Offset> last_offsets() const;  // of each producer's last batch

  // The bytes of a .snapshot file, and back; kCorrupt where they are not what was encoded.
  std::string encode() const;
  static Result<ProducerStates> decode(std::string_view bytes);

 private:
  struct Producer {
    int16_t epoch = -1;
    int64_t last_used_ms = -1;
    uint8_t count = 0;
    std::array<Batch, 5> batches;  // the first `count`; the oldest first

    std::span<const Batch> known() const { return {batches.data(), count}; }
    void add(const Batch& batch);
  };

  std::unordered_map<ProducerId, Producer> producers_;  // by id
};

}  // namespace omashu::broker
