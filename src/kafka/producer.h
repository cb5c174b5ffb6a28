// An idempotent producer: acks=all, Java's partitioner. Thread-safe.

#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "kafka/types.h"

namespace omashu::kafka {

class Producer {
 public:
  // Called once for each record that send() accepted, from poll(), flush() or send().
  using DeliveryCallback = std::function<void(const Result<RecordMetadata>&)>;

  static Result<std::unique_ptr<Producer>> open(const ClientConfig& config);
  virtual ~Producer() = default;  // drops what was not flushed

  // Queues the record. Where the queue is full it waits for room, serving deliveries meanwhile.
  virtual Result<void> send(Record record, DeliveryCallback on_delivery) = 0;

  // Serves deliveries, without waiting where `timeout` is zero.
  virtual void poll(std::chrono::milliseconds timeout) = 0;

  // Waits until every record is delivered or has failed.
  virtual Result<void> flush(std::chrono::milliseconds timeout) = 0;
};

}  // namespace omashu::kafka
