// Hands records to the producer so that they travel together: a record goes at once where none of its lane is under
// way, else with all others that have come by then once those were acknowledged.
//
// A linger time does worse. Where it is short, nearly every record is a request of its own; and while five records of a
// partition are under way, librdkafka sends no more of them, but its thread asks again and again whether it may. Where
// it is long, every write waits for it. Thread-safe.

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

  static constexpr size_t kLanes = 64;

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
