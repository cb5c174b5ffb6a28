// A producer whose records come to lie in a FilledTable, and others' records between them where a test wants that.

#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "kafka/producer.h"
#include "table/live/testing/filled_table.h"

namespace omashu::service::testing {

// Shared by the test and the producer, which goes with its writer.
class WrittenLog {
 public:
  WrittenLog(table::testing::FilledTable& table, int partitions) : table_(table), partitions_(partitions) {}

  // Called before a record of the writer is appended, for the key as it stands on the topic; may put others' records
  // into the table.
  std::function<void(const kafka::Record& record)> before_append = [](const kafka::Record&) {};
  // What send() says, and what the delivery comes to, where it is an error.
  std::optional<Error> send_error, delivery_error;

  // Records of this key are kept back from now on, until release().
  void hold(std::string key_bytes) EXCLUDES(mutex_);
  void release() EXCLUDES(mutex_);
  void wait_until_held(size_t records) EXCLUDES(mutex_);

  size_t appended() const EXCLUDES(mutex_);

  Result<void> send(kafka::Record record, kafka::Producer::DeliveryCallback on_delivery) EXCLUDES(mutex_);
  void poll(std::chrono::milliseconds timeout) EXCLUDES(mutex_);

 private:
  struct Sent {
    kafka::Record record;
    kafka::Producer::DeliveryCallback on_delivery;
  };

  void append(Sent sent) REQUIRES(mutex_);

  table::testing::FilledTable& table_;
  const int partitions_;
  mutable Mutex mutex_;
  ConditionVariable changed_;
  std::optional<std::string> held_key_ GUARDED_BY(mutex_);
  std::vector<Sent> held_ GUARDED_BY(mutex_);
  std::deque<std::pair<kafka::Producer::DeliveryCallback, Result<kafka::RecordMetadata>>> deliveries_
      GUARDED_BY(mutex_);
  size_t appended_ GUARDED_BY(mutex_) = 0;
};

class LogProducer : public kafka::Producer {
 public:
  explicit LogProducer(WrittenLog& log) : log_(log) {}

  Result<void> send(kafka::Record record, DeliveryCallback on_delivery) override {
    return log_.send(std::move(record), std::move(on_delivery));
  }
  void poll(std::chrono::milliseconds timeout) override { log_.poll(timeout); }
  Result<void> flush(std::chrono::milliseconds) override { return {}; }

 private:
  WrittenLog& log_;
};

}  // namespace omashu::service::testing
