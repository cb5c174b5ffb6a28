#include "omashu/typed_producer.h"

#include <fmt/core.h>

#include <optional>
#include <utility>

#include "base/mutex.h"
#include "client/connection.h"
#include "kafka/producer.h"
#include "serde/serializer.h"

namespace omashu {

using serde::RecordPart;
using serde::Serializer;

namespace {

Result<RecordPosition> position_of(const Result<kafka::RecordMetadata>& metadata) {
  if (!metadata) return fail(metadata.error());
  return RecordPosition{metadata->topic, metadata->partition, metadata->offset};
}

}  // namespace

struct TypedProducer::State {
  // The serializer that the format asks for; nothing for plain text.
  Result<std::optional<Serializer>> open_serializer(const PayloadFormat& format, RecordPart part) {
    if (format.kind_ == PayloadFormat::Kind::kPlainText) return std::nullopt;
    serde::SerializerOptions options;
    std::optional<schema_registry::SchemaText> text;
    if (format.kind_ == PayloadFormat::Kind::kLatest) {
      options.use_latest_version = true;
    } else {
      text = schema_registry::SchemaText{.schema = format.schema_};
    }
    Result<Serializer> serializer = Serializer::open(*registry, topic, part, text, options);
    if (!serializer) return fail(std::move(serializer.error()));
    return std::optional(std::move(*serializer));
  }

  Result<std::optional<std::string>> encode(const std::optional<std::string>& text,
                                            const std::optional<Serializer>& serializer, RecordPart part) const {
    if (!text || !serializer) return text;
    std::string payload;
    if (auto encoded = serializer->serialize(*text, payload); !encoded) {
      return fail(std::move(encoded.error()).within(fmt::format("{} {}", topic, serde::record_part_name(part))));
    }
    return std::optional(std::move(payload));
  }

  void note(const Result<RecordPosition>& delivery) {
    if (delivery) return;
    const MutexLock lock(mutex);
    if (!first_failure) first_failure = delivery.error();
  }

  std::string topic;
  std::chrono::milliseconds timeout{0};
  std::unique_ptr<schema_registry::Client> registry;
  std::optional<Serializer> key, value;

  Mutex mutex;
  std::optional<Error> first_failure GUARDED_BY(mutex);  // since the last flush

  std::unique_ptr<kafka::Producer> producer;  // last: its callbacks use the others
};

TypedProducer::TypedProducer(std::unique_ptr<State> state) : state_(std::move(state)) {}
TypedProducer::TypedProducer(TypedProducer&&) noexcept = default;
TypedProducer& TypedProducer::operator=(TypedProducer&&) noexcept = default;
TypedProducer::~TypedProducer() {
  if (state_) (void)state_->producer->flush(state_->timeout);
}

Result<TypedProducer> TypedProducer::open(const ClientOptions& options, const std::string& topic,
                                          const PayloadFormat& key, const PayloadFormat& value) {
  auto state = std::make_unique<State>();
  state->topic = topic;
  state->timeout = options.timeout;
  auto registry = schema_registry::Client::open(client::registry_options(options));
  if (!registry) return fail(std::move(registry.error()));
  state->registry = std::move(*registry);
  auto key_serializer = state->open_serializer(key, RecordPart::kKey);
  if (!key_serializer) return fail(std::move(key_serializer.error()));
  state->key = std::move(*key_serializer);
  auto value_serializer = state->open_serializer(value, RecordPart::kValue);
  if (!value_serializer) return fail(std::move(value_serializer.error()));
  state->value = std::move(*value_serializer);
  auto producer = kafka::Producer::open(client::kafka_config(options));
  if (!producer) return fail(std::move(producer.error()));
  state->producer = std::move(*producer);
  return TypedProducer(std::move(state));
}

Result<void> TypedProducer::send(const OutgoingRecord& outgoing, DeliveryCallback on_delivery) {
  auto key = state_->encode(outgoing.key, state_->key, RecordPart::kKey);
  if (!key) return fail(std::move(key.error()));
  auto value = state_->encode(outgoing.value, state_->value, RecordPart::kValue);
  if (!value) return fail(std::move(value.error()));
  kafka::Record record;
  record.topic = state_->topic;
  record.partition = outgoing.partition;
  record.key = std::move(*key);
  record.value = std::move(*value);
  for (const RecordHeader& header : outgoing.headers) record.headers.push_back({header.name, header.value});
  record.timestamp_ms = outgoing.timestamp_ms;
  return state_->producer->send(std::move(record), [state = state_.get(), on_delivery = std::move(on_delivery)](
                                                       const Result<kafka::RecordMetadata>& metadata) {
    const Result<RecordPosition> delivery = position_of(metadata);
    state->note(delivery);
    if (on_delivery) on_delivery(delivery);
  });
}

Result<RecordPosition> TypedProducer::send_and_wait(const OutgoingRecord& record) {
  // The delivery may be served by another thread's call, and after this one has given up.
  struct Delivery {
    Mutex mutex;
    std::optional<Result<RecordPosition>> result GUARDED_BY(mutex);
  };
  const auto delivery = std::make_shared<Delivery>();
  auto sent = send(record, [delivery](const Result<RecordPosition>& result) {
    const MutexLock lock(delivery->mutex);
    delivery->result = result;
  });
  if (!sent) return fail(std::move(sent.error()));
  const auto deadline = std::chrono::steady_clock::now() + state_->timeout;
  constexpr std::chrono::milliseconds kPollInterval{10};  // how late another thread's poll() may be noticed
  for (;;) {
    {
      const MutexLock lock(delivery->mutex);
      if (delivery->result) return *delivery->result;
    }
    if (std::chrono::steady_clock::now() >= deadline) {
      return fail(ErrorCode::kTimeout, fmt::format("{}: not acknowledged within {} ms; it may still be stored: is "
                                                   "Kafka reachable?",
                                                   state_->topic, state_->timeout.count()));
    }
    state_->producer->poll(kPollInterval);
  }
}

Result<void> TypedProducer::flush() {
  if (auto flushed = state_->producer->flush(state_->timeout); !flushed) return flushed;
  const MutexLock lock(state_->mutex);
  if (const std::optional<Error> failure = std::exchange(state_->first_failure, std::nullopt)) return fail(*failure);
  return {};
}

}  // namespace omashu
