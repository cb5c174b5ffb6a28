// The last records of a topic, by their timestamps, of those that a selection lets through.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "cli/records/read_range.h"
#include "cli/records/record_sink.h"
#include "kafka/consumer.h"

namespace omashu::cli {

// Gathers texts, and gives out the last ones in the order of (timestamp, partition, offset).
class TailRecords : public RecordSink {
 public:
  explicit TailRecords(size_t count) : count_(count) {}

  void add(const kafka::Message& message, std::string_view text) override;

  size_t count_of(const kafka::TopicPartition& partition) const;

  // In their order; `emit` gets each message's text.
  template <class Emit>
  void emit(const Emit& emit) {
    for (const auto& [place, text] : last()) emit(text);
  }

 private:
  using Place = std::tuple<int64_t, kafka::PartitionId, kafka::Offset>;
  std::map<Place, std::string> last() const;

  size_t count_;
  std::map<kafka::TopicPartition, std::map<kafka::Offset, std::pair<int64_t, std::string>>> by_partition_;
};

// The parts of partitions that are still to be read for the last `count` records, nearest to the end first: in each
// round the partitions that gave fewer, in steps that grow.
class TailRanges {
 public:
  // `ends` are one past the last record of each partition.
  TailRanges(const std::map<kafka::TopicPartition, kafka::Watermarks>& watermarks, size_t count);

  struct Round {
    std::map<kafka::TopicPartition, kafka::Offset> starts;
    std::map<kafka::TopicPartition, kafka::Offset> ends;
  };
  // Empty where enough was gathered, or nothing is left.
  Round next(const TailRecords& gathered);

 private:
  size_t count_;
  int64_t step_;
  std::map<kafka::TopicPartition, kafka::Watermarks> left_;  // high: what was read already starts there
};

}  // namespace omashu::cli
