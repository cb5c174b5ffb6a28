#include "table/topic_reader.h"

namespace omashu::table {

namespace {
constexpr size_t kBatch = 1'000;  // events taken from the consumer at once
}

Result<TopicReader> TopicReader::open(std::unique_ptr<kafka::Consumer> consumer, const std::string& topic,
                                      const std::set<kafka::PartitionId>& partitions,
                                      std::chrono::milliseconds timeout) {
  const auto known = consumer->partitions_of(topic, timeout);
  if (!known) return fail(known.error());

  TopicReader reader(std::move(consumer));
  reader.partition_count_ = static_cast<int>(known->size());
  std::vector<kafka::TopicPartition> places;
  for (const kafka::PartitionId partition : *known) {
    if (partitions.empty() || partitions.contains(partition))
      places.push_back({.topic = topic, .partition = partition});
  }
  const auto watermarks = reader.consumer_->all_watermarks(places, timeout);
  if (!watermarks) return fail(watermarks.error());
  std::map<kafka::TopicPartition, kafka::Offset> starts;
  for (const auto& [place, marks] : *watermarks) {
    reader.progress_.add(place.partition, marks.low, marks.high);
    starts[place] = marks.low;
  }
  if (auto assigned = reader.consumer_->assign(starts); !assigned) return fail(std::move(assigned.error()));
  return reader;
}

Result<std::optional<kafka::Message>> TopicReader::next(std::chrono::milliseconds timeout) {
  if (events_.empty()) {
    auto batch = consumer_->poll_batch(kBatch, timeout);
    if (!batch) return fail(std::move(batch.error()));
    for (kafka::ConsumerEvent& event : *batch) events_.push_back(std::move(event));
  }
  if (events_.empty()) return std::nullopt;
  kafka::ConsumerEvent event = std::move(events_.front());
  events_.pop_front();
  if (auto* message = std::get_if<kafka::Message>(&event)) {
    progress_.on_record(message->partition, message->offset);
    return std::move(*message);
  }
  if (const auto* end = std::get_if<kafka::PartitionEnd>(&event)) {
    progress_.on_partition_end(end->partition.partition);
  }
  return std::nullopt;
}

}  // namespace omashu::table
