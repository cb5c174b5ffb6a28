// An idempotent producer: acks=all, Java's partitioner. Thread-safe.

#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "kafka/types.h"

namespace omashu::kafka {

class Producer {
 public:
  // Called once for each record that send() accepted, from poll(), flush(), send() or the destructor, on their thread.
  // It must not call the producer.
  using DeliveryCallback = std::function<void(const Result<RecordMetadata>&)>;

  // enable.idempotence=true, acks=all, partitioner=murmur2_random, linger.ms=5; what `config` says wins. Topics are not
  // made by sending to them.
  static Result<std::unique_ptr<Producer>> open(const ClientConfig& config);
  virtual ~Producer() = default;  // drops what was not flushed: those callbacks get kCancelled

  // Queues the record. Where the queue is full it waits for room, serving deliveries meanwhile. Errors: the record
  // itself (too large, no such partition), a refused login, brokers that were never there, or an earlier fatal error.
  virtual Result<void> send(Record record, DeliveryCallback on_delivery) = 0;

  // Serves deliveries, without waiting where `timeout` is zero.
  virtual void poll(std::chrono::milliseconds timeout) = 0;

  // Waits until every record is delivered or has failed. An error says how many are neither, and why; they stay queued.
  virtual Result<void> flush(std::chrono::milliseconds timeout) = 0;
};

}  // namespace omashu::kafka
