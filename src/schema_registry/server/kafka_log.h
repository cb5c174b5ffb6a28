// Appends to the topic _schemas on Kafka, with acks=all. For one thread.
//
// Not with an idempotent producer, which an error can end for good. A batch that a lost connection made arrive twice
// does no harm here: one append is under way at a time, and its records say what holds, not what changes.

#pragma once

#include <memory>

#include "kafka/producer.h"
#include "schema_registry/server/kafka_topic.h"
#include "schema_registry/server/schemas_log.h"

namespace omashu::schema_registry::server {

class KafkaLog : public SchemasLog {
 public:
  // `timeout` is that of an append.
  static Result<std::unique_ptr<KafkaLog>> open(const KafkaTopic& topic, std::chrono::milliseconds timeout);

  Result<std::vector<int64_t>> append(std::span<const TopicRecord> records, const Term& term,
                                      int64_t given_ids) override;

 private:
  KafkaLog(std::string topic, std::chrono::milliseconds timeout, std::unique_ptr<kafka::Producer> producer)
      : topic_(std::move(topic)), timeout_(timeout), producer_(std::move(producer)) {}

  const std::string topic_;
  const std::chrono::milliseconds timeout_;
  const std::unique_ptr<kafka::Producer> producer_;
};

}  // namespace omashu::schema_registry::server
