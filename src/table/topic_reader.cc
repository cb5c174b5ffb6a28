#include "table/topic_reader.h"

namespace omashu::table {

Result<TopicReader> TopicReader::open(std::unique_ptr<kafka::Consumer> consumer, const std::string& topic,
                                      const std::set<kafka::PartitionId>& partitions,
                                      std::chrono::milliseconds timeout) {
  const auto known = consumer->partitions_of(topic, timeout);
  if (!known) return fail(known.error());

  TopicReader reader(std::move(consumer));
  reader.partition_count_ = static_cast<int>(known->size());
  std::map<kafka::TopicPartition, kafka::Offset> starts;
  for (const kafka::PartitionId partition : *known) {
    if (!partitions.empty() && !partitions.contains(partition)) continue;
    const kafka::TopicPartition place{.topic = topic, .partition = partition};
    const auto watermarks = reader.consumer_->watermarks(place, timeout);
    if (!watermarks) return fail(watermarks.error());
    reader.progress_.add(partition, watermarks->low, watermarks->high);
    starts[place] = watermarks->low;
  }
  if (auto assigned = reader.consumer_->assign(starts); !assigned) return fail(std::move(assigned.error()));
  return reader;
}

Result<std::optional<kafka::Message>> TopicReader::next(std::chrono::milliseconds timeout) {
  auto event = consumer_->poll(timeout);
  if (!event) return fail(std::move(event.error()));
  if (auto* message = std::get_if<kafka::Message>(&*event)) {
    progress_.on_record(message->partition, message->offset);
    return std::move(*message);
  }
  if (const auto* end = std::get_if<kafka::PartitionEnd>(&*event)) {
    progress_.on_partition_end(end->partition.partition);
  }
  return std::nullopt;
}

}  // namespace omashu::table
