// A producer for tests: keeps what is sent, and fails on request.

#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "kafka/producer.h"

namespace omashu::sink::testing {

class RecordingProducer : public kafka::Producer {
 public:
  std::vector<kafka::Record> sent;
  std::optional<Error> next_failure;  // of the next record's delivery

  Result<void> send(kafka::Record record, DeliveryCallback on_delivery) override {
    if (next_failure) {
      on_delivery(fail(*std::exchange(next_failure, std::nullopt)));
      return {};
    }
    on_delivery(kafka::RecordMetadata{.topic = record.topic, .partition = {}, .offset = {}});
    sent.push_back(std::move(record));
    return {};
  }
  void poll(std::chrono::milliseconds) override {}
  Result<void> flush(std::chrono::milliseconds) override { return {}; }
};

}  // namespace omashu::sink::testing
