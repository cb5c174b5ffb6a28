// Reads partitions of a topic from their first record to the end that they had at open(), and on from there.
//
// A thin shell over a consumer of assigned partitions: no group, nothing committed. One thread.

#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "kafka/consumer.h"
#include "table/read_progress.h"

namespace omashu::table {

class TopicReader {
 public:
  // Every partition where `partitions` is empty. `timeout` bounds each question to the brokers.
  static Result<TopicReader> open(std::unique_ptr<kafka::Consumer> consumer, const std::string& topic,
                                  const std::set<kafka::PartitionId>& partitions, std::chrono::milliseconds timeout);

  // The next record; nothing where none came within `timeout`, or where the last partition's end was just seen: look at
  // progress().
  Result<std::optional<kafka::Message>> next(std::chrono::milliseconds timeout);

  const ReadProgress& progress() const { return progress_; }
  int partition_count() const { return partition_count_; }  // of the topic

 private:
  explicit TopicReader(std::unique_ptr<kafka::Consumer> consumer) : consumer_(std::move(consumer)) {}

  std::unique_ptr<kafka::Consumer> consumer_;
  std::deque<kafka::ConsumerEvent> events_;  // taken from the consumer, not yet handed out
  ReadProgress progress_;
  int partition_count_ = 0;
};

}  // namespace omashu::table
