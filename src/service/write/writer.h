// The writes of a process, on their way through Kafka: each through its KeyWrite, those of one key one after the other,
// those of other keys beside them.
//
// One thread drives all KeyWrites and waits for nothing; what may wait for the disk or the registry is done by the
// executor. A second one serves the producer's deliveries. A write is finished once its table has read it back, so that
// the next read sees it. Thread-safe.

#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "base/executor.h"
#include "kafka/producer.h"
#include "service/write/write_request.h"

namespace omashu::service {

class Writer {
 public:
  struct Options {
    std::unique_ptr<kafka::Producer> producer;
    Executor& executor;                                   // outlives the writer
    std::chrono::milliseconds read_back_timeout{30'000};  // from the acknowledgement
    std::chrono::milliseconds condition_timeout{2'000};   // until records are read that a condition names
    std::function<std::chrono::system_clock::time_point()> now = &std::chrono::system_clock::now;
  };

  static std::unique_ptr<Writer> start(Options options);
  virtual ~Writer() = default;  // those that are not done by then are not called back

  // `done` is called once, on a thread that it must not keep waiting.
  using Done = std::function<void(const WriteRequest& request, KeyWrite::Finish outcome)>;
  virtual void submit(std::shared_ptr<const WriteRequest> request, Done done) = 0;
};

}  // namespace omashu::service
