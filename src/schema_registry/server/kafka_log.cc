#include "schema_registry/server/kafka_log.h"

#include <fmt/core.h>

#include <optional>

namespace omashu::schema_registry::server {

namespace {

// Of the records of one append. Shared with their callbacks, some of which may come after it has given up.
struct Deliveries {
  std::vector<int64_t> offsets;
  std::optional<Error> error;
};

}  // namespace

Result<std::unique_ptr<KafkaLog>> KafkaLog::open(const KafkaTopic& topic, std::chrono::milliseconds timeout) {
  kafka::ClientConfig config = topic.kafka;
  config.set("linger.ms", "0");
  config.set("enable.idempotence", "false");
  config.set("acks", "all");
  config.set("max.in.flight.requests.per.connection", "1");
  // Of what a broker's disk refuses, and of lost connections; not counted where the leader has moved. So a write on a
  // full disk fails after half a second, not after the timeout.
  config.set("retries", "3");
  config.set("retry.backoff.ms", "50");
  config.set("message.timeout.ms", fmt::format("{}", timeout.count()));
  auto producer = kafka::Producer::open(config);
  if (!producer) return fail(std::move(producer.error()));
  return std::unique_ptr<KafkaLog>(new KafkaLog(topic.name, timeout, *std::move(producer)));
}

Result<std::vector<int64_t>> KafkaLog::append(std::span<const TopicRecord> records, const Term& term,
                                              int64_t given_ids) {
  const auto deliveries = std::make_shared<Deliveries>();
  deliveries->offsets.resize(records.size());
  for (size_t i = 0; i < records.size(); ++i) {
    kafka::Record record = {.topic = topic_, .partition = 0, .key = records[i].key, .value = records[i].value};
    record.headers.push_back({std::string(kTermHeader), term_text(term)});
    record.headers.push_back({std::string(kGivenIdsHeader), std::to_string(given_ids)});
    auto queued = producer_->send(std::move(record), [deliveries, i](const Result<kafka::RecordMetadata>& delivered) {
      if (delivered) {
        deliveries->offsets[i] = delivered->offset;
      } else if (!deliveries->error) {
        deliveries->error = delivered.error();
      }
    });
    if (!queued) return fail(std::move(queued.error()));
  }
  if (auto flushed = producer_->flush(timeout_); !flushed) return fail(std::move(flushed.error()));
  if (deliveries->error) return fail(*deliveries->error);
  return deliveries->offsets;
}

}  // namespace omashu::schema_registry::server
