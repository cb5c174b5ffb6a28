// Reads partitions of a topic from their first record to the end that they had at open(), and on from there.
//
// A thin shell over a consumer of assigned partitions: no group, nothing committed. One thread.

#pragma once

#include <chrono>
#include <memory>
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

  // What has come, up to so many records; waits for `timeout` where nothing has. It may hold none: look at progress().
  Result<void> read(kafka::MessageBatch& batch, size_t max_records, std::chrono::milliseconds timeout);

  // Why no broker can be reached now; nothing where one can.
  std::optional<Error> outage() { return consumer_->outage(); }

  const ReadProgress& progress() const { return progress_; }
  int partition_count() const { return partition_count_; }  // of the topic

 private:
  explicit TopicReader(std::unique_ptr<kafka::Consumer> consumer) : consumer_(std::move(consumer)) {}

  std::unique_ptr<kafka::Consumer> consumer_;
  ReadProgress progress_;
  int partition_count_ = 0;
};

}  // namespace omashu::table
