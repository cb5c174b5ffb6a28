#include "table/topic_reader.h"

namespace omashu::table {

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

Result<void> TopicReader::read(kafka::MessageBatch& batch, size_t max_records, std::chrono::milliseconds timeout) {
  if (auto read = consumer_->read_batch(batch, max_records, timeout); !read) return read;
  for (const kafka::Message& message : batch.messages()) progress_.on_record(message.partition, message.offset);
  for (const kafka::PartitionEnd& end : batch.ends()) progress_.on_partition_end(end.partition.partition);
  return {};
}

}  // namespace omashu::table
