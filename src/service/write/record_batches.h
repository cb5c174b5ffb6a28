// Hands records to the producer so that they travel together: a record goes at once where none of its lane is under
// way, else with all others that have come by then once those were acknowledged.
//
// A linger time does worse: where it is short, the client sends a request for nearly every record, and librdkafka's
// thread turns in circles while as many requests are under way as it may have; where it is long, every write waits for
// it. There are fewer lanes than requests that an idempotent producer has under way (five). Thread-safe.

#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "kafka/producer.h"

namespace omashu::service {

class RecordBatches {
 public:
  using Landed = std::function<void(const Result<kafka::RecordMetadata>&)>;

  // The producer outlives it. `send_later` runs what it is given on a thread that may call the producer, soon.
  RecordBatches(kafka::Producer& producer, std::function<void(std::function<void()>)> send_later)
      : producer_(producer), send_later_(std::move(send_later)) {}

  static constexpr size_t kLanes = 4;

  // Records of one partition have one lane. `landed` is called once, from within send() where the record is refused,
  // else on the thread that serves the producer.
  void send(size_t lane, kafka::Record record, Landed landed) EXCLUDES(mutex_);

 private:
  struct Waiting {
    kafka::Record record;
    Landed landed;
  };
  struct Lane {
    size_t under_way = 0;
    std::vector<Waiting> waiting = {};
  };

  void send_now(size_t lane, Waiting waiting) EXCLUDES(mutex_);
  void on_landed(size_t lane) EXCLUDES(mutex_);

  kafka::Producer& producer_;
  const std::function<void(std::function<void()>)> send_later_;
  Mutex mutex_;
  std::array<Lane, kLanes> lanes_ GUARDED_BY(mutex_);
};

}  // namespace omashu::service
