#include "broker/log/producer_states.h"

#include <algorithm>

namespace omashu::broker {

void ProducerStates::Producer::add(const Batch& batch) {
  if (count == batches.size()) {
    std::ranges::move(batches.begin() + 1, batches.end(), batches.begin());
    --count;
  }
  batches[count++] = batch;
}

ProducerStates::Check ProducerStates::check(const RecordBatchHeader& header) const {
  const auto found = producers_.find(header.producer_id);
  if (found == producers_.end()) return {};
  const Producer& producer = found->second;
  if (header.producer_epoch < producer.epoch) return {.verdict = Verdict::kOldEpoch};
  if (header.producer_epoch > producer.epoch) {
    if (header.base_sequence == 0) return {};
    return {.verdict = Verdict::kOutOfOrder, .expected_sequence = 0};
  }
  for (const Batch& batch : producer.known()) {
    if (batch.base_sequence() == header.base_sequence && batch.last_sequence == header.last_sequence()) {
      return {.verdict = Verdict::kDuplicate, .duplicate = batch};
    }
  }
  if (producer.count == 0) return {};
  const int32_t expected = add_to_sequence(producer.known().back().last_sequence, 1);
  if (header.base_sequence == expected) return {};
  return {.verdict = Verdict::kOutOfOrder, .expected_sequence = expected};
}

void ProducerStates::update(const RecordBatchHeader& header, int64_t now_ms) {
  Producer& producer = producers_[header.producer_id];
  if (producer.epoch != header.producer_epoch) {
    producer.epoch = header.producer_epoch;
    producer.count = 0;
  }
  producer.last_used_ms = now_ms;
  producer.add({.last_sequence = header.last_sequence(),
                .last_offset = header.last_offset(),
                .offset_delta = header.last_offset_delta,
                .timestamp = header.max_timestamp});
}

void ProducerStates::expire(int64_t now_ms, int64_t expiration_ms, size_t max_producers) {
  std::vector<int64_t> used_ms;
  for (auto it = producers_.begin(); it != producers_.end();) {
    Producer& producer = it->second;
    if (producer.last_used_ms < 0) producer.last_used_ms = now_ms;
    if (now_ms - producer.last_used_ms > expiration_ms) {
      it = producers_.erase(it);
    } else {
      used_ms.push_back(producer.last_used_ms);
      ++it;
    }
  }
  if (used_ms.size() <= max_producers) return;
  const auto oldest_kept = used_ms.end() - static_cast<ptrdiff_t>(max_producers);
  std::ranges::nth_element(used_ms, oldest_kept);
  std::erase_if(producers_, [&](const auto& entry) { return entry.second.last_used_ms < *oldest_kept; });
}

std::vector<ActiveProducer> ProducerStates::active() const {
  std::vector<ActiveProducer> active;
  for (const auto& [id, producer] : producers_) {
    const Batch last = producer.count > 0 ? producer.known().back() : Batch{};
    active.push_back({.producer_id = id,
                      .epoch = producer.epoch,
                      .last_sequence = last.last_sequence,
                      .last_timestamp = last.timestamp});
  }
  std::ranges::sort(active, {}, &ActiveProducer::producer_id);
  return active;
}

std::unordered_set<Offset> ProducerStates::last_offsets() const {
  std::unordered_set<Offset> offsets;
  for (const auto& [id, producer] : producers_) {
    if (producer.count > 0) offsets.insert(producer.known().back().last_offset);
  }
  return offsets;
}

}  // namespace omashu::broker
