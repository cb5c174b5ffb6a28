// A consumer of one topic in memory, for tests: what is assigned is given in the order of the log.

#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "kafka/consumer.h"

namespace omashu::inspect::testing {

class FakeConsumer : public kafka::Consumer {
 public:
  struct Content {
    int64_t timestamp_ms = 0;
    std::optional<std::string> key = {};
    std::optional<std::string> value = {};
    std::vector<kafka::Header> headers = {};
  };

  FakeConsumer(std::string topic, int partitions) : topic_(std::move(topic)) {
    for (int i = 0; i < partitions; ++i) partitions_[i];
  }

  void add(kafka::PartitionId partition, kafka::Offset offset, Content content) {
    Partition& log = partitions_[partition];
    log.records.push_back({.topic = topic_,
                           .partition = partition,
                           .offset = offset,
                           .timestamp_ms = content.timestamp_ms,
                           .is_log_append_time = false,
                           .key = std::move(content.key),
                           .value = std::move(content.value),
                           .headers = std::move(content.headers)});
    if (log.records.size() == 1) log.marks.low = offset;
    log.marks.high = offset + 1;
  }
  void set_watermarks(kafka::PartitionId partition, kafka::Offset low, kafka::Offset high) {
    partitions_[partition].marks = {.low = low, .high = high};
  }

  Result<std::vector<kafka::PartitionId>> partitions_of(const std::string& topic, std::chrono::milliseconds) override {
    if (topic != topic_) return fail(ErrorCode::kNotFound, "topic " + topic + " does not exist");
    std::vector<kafka::PartitionId> ids;
    for (const auto& [id, log] : partitions_) ids.push_back(id);
    return ids;
  }
  Result<kafka::Watermarks> watermarks(const kafka::TopicPartition& place, std::chrono::milliseconds) override {
    return partitions_.at(place.partition).marks;
  }
  Result<std::map<kafka::TopicPartition, kafka::Watermarks>> all_watermarks(
      std::span<const kafka::TopicPartition> places, std::chrono::milliseconds) override {
    std::map<kafka::TopicPartition, kafka::Watermarks> marks;
    for (const auto& place : places) marks[place] = partitions_.at(place.partition).marks;
    return marks;
  }
  Result<std::map<kafka::TopicPartition, kafka::Offset>> offsets_for_time(std::span<const kafka::TopicPartition> places,
                                                                          int64_t timestamp_ms,
                                                                          std::chrono::milliseconds) override {
    std::map<kafka::TopicPartition, kafka::Offset> offsets;
    for (const auto& place : places) {
      const auto& records = partitions_.at(place.partition).records;
      const auto found = std::ranges::find_if(
          records, [&](const kafka::Message& record) { return record.timestamp_ms >= timestamp_ms; });
      offsets[place] = found == records.end() ? kafka::kOffsetEnd : found->offset;
    }
    return offsets;
  }
  void pass_over_damage(std::function<void(const kafka::DamagedBatch&)>) override {}
  Result<void> assign(const std::map<kafka::TopicPartition, kafka::Offset>& offsets) override {
    next_.clear();
    for (const auto& [place, offset] : offsets) next_[place.partition] = offset;
    return {};
  }
  Result<void> subscribe(std::span<const std::string>, kafka::RebalanceListener) override { return {}; }
  Result<void> pause(std::span<const kafka::TopicPartition>) override { return {}; }
  Result<void> resume(std::span<const kafka::TopicPartition>) override { return {}; }
  Result<void> seek(const std::map<kafka::TopicPartition, kafka::Offset>&, std::chrono::milliseconds) override {
    return {};
  }
  Result<kafka::ConsumerEvent> poll(std::chrono::milliseconds) override { return kafka::ConsumerEvent{}; }
  Result<std::vector<kafka::ConsumerEvent>> poll_batch(size_t, std::chrono::milliseconds) override {
    return std::vector<kafka::ConsumerEvent>{};
  }
  // A third of what was asked for of each partition, so that partitions take turns.
  Result<void> read_batch(kafka::MessageBatch& batch, size_t max_events, std::chrono::milliseconds) override {
    batch.clear();
    for (auto next = next_.begin(); next != next_.end();) {
      const auto& records = partitions_.at(next->first).records;
      auto record = std::ranges::lower_bound(records, next->second, {}, &kafka::Message::offset);
      for (size_t i = 0; i < max_events / 3 + 1 && record != records.end(); ++i, ++record) {
        batch.add() = *record;
        next->second = record->offset + 1;
      }
      if (record == records.end()) {
        batch.add_end({.partition = {topic_, next->first}, .offset = next->second});
        next = next_.erase(next);
      } else {
        ++next;
      }
    }
    return {};
  }
  std::optional<kafka::Offset> fetched_end(const kafka::TopicPartition& place) override {
    return partitions_.at(place.partition).marks.high;
  }
  std::optional<Error> outage() override { return std::nullopt; }
  void wake() override {}
  Result<void> commit(const std::map<kafka::TopicPartition, kafka::Offset>&) override { return {}; }
  Result<std::map<kafka::TopicPartition, kafka::Offset>> committed(std::span<const kafka::TopicPartition>,
                                                                   std::chrono::milliseconds) override {
    return std::map<kafka::TopicPartition, kafka::Offset>{};
  }
  Result<void> close() override { return {}; }

 private:
  struct Partition {
    std::vector<kafka::Message> records;
    kafka::Watermarks marks;
  };

  std::string topic_;
  std::map<kafka::PartitionId, Partition> partitions_;
  std::map<kafka::PartitionId, kafka::Offset> next_;
};

}  // namespace omashu::inspect::testing
