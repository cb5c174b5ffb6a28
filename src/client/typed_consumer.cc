#include "omashu/typed_consumer.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <utility>

#include "avro/codec.h"
#include "base/utf8.h"
#include "client/connection.h"
#include "kafka/consumer.h"
#include "serde/deserializer.h"

namespace omashu {

using serde::RecordPart;

struct TypedConsumer::State {
  // Absent for a tombstone; the text itself where there is no schema id.
  Result<std::optional<std::string>> decode(const kafka::Message& message, RecordPart part) {
    const std::optional<std::string>& payload = part == RecordPart::kKey ? message.key : message.value;
    if (!payload) return std::nullopt;
    std::optional<std::string_view> header;
    for (const kafka::Header& candidate : message.headers) {
      if (candidate.name == serde::schema_id_header_name(part) && candidate.value) header = *candidate.value;
    }
    const serde::RecordPlace place{message.topic, part, message.partition, message.offset};
    if (!serde::is_framed(*payload, header)) {
      if (is_valid_utf8(*payload)) return payload;
      return fail(ErrorCode::kCorrupt, to_text(place) + ": neither a schema id nor text (UTF-8)");
    }
    std::string json;
    auto decoded = deserializer->to_json(*payload, header, place, avro::JsonForm::kPlain, json);
    if (!decoded) {
      if (serde::is_records_own(decoded.error().code)) decoded.error().code = ErrorCode::kCorrupt;
      return fail(std::move(decoded.error()));
    }
    return std::optional(std::move(json));
  }

  Result<TypedRecord> typed(const kafka::Message& message) {
    auto key = decode(message, RecordPart::kKey);
    if (!key) return fail(std::move(key.error()));
    auto value = decode(message, RecordPart::kValue);
    if (!value) return fail(std::move(value.error()));
    TypedRecord record{.topic = message.topic,
                       .partition = message.partition,
                       .offset = message.offset,
                       .timestamp_ms = message.timestamp_ms,
                       .key = std::move(*key),
                       .value = std::move(*value),
                       .headers = {}};
    for (const kafka::Header& header : message.headers) record.headers.push_back({header.name, header.value});
    return record;
  }

  // Waits for `pending`; the ends of partitions are nothing to tell.
  Result<void> read(std::chrono::milliseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (!pending) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
      auto event = consumer->poll(std::max(left, std::chrono::milliseconds(0)));
      if (!event) return fail(std::move(event.error()));
      if (auto* message = std::get_if<kafka::Message>(&*event)) pending = std::move(*message);
      if (std::holds_alternative<std::monostate>(*event)) break;
    }
    return {};
  }

  // Another member reads these from what is committed: what was not, is for it to read again.
  void give_up(std::span<const kafka::TopicPartition> partitions) {
    for (const kafka::TopicPartition& partition : partitions) {
      passed.erase(partition);
      if (pending && kafka::TopicPartition{pending->topic, pending->partition} == partition) pending.reset();
    }
  }

  void pass() {
    passed[{pending->topic, pending->partition}] = pending->offset + 1;
    pending.reset();
  }

  std::unique_ptr<schema_registry::Client> registry;
  std::unique_ptr<serde::Deserializer> deserializer;
  std::optional<kafka::Message> pending;                  // read, but not yet told to the caller
  std::map<kafka::TopicPartition, kafka::Offset> passed;  // next offsets, not yet committed
  std::unique_ptr<kafka::Consumer> consumer;              // last: its listener uses the others
};

TypedConsumer::TypedConsumer(std::unique_ptr<State> state) : state_(std::move(state)) {}
TypedConsumer::~TypedConsumer() = default;
TypedConsumer::TypedConsumer(TypedConsumer&&) noexcept = default;
TypedConsumer& TypedConsumer::operator=(TypedConsumer&&) noexcept = default;

Result<TypedConsumer> TypedConsumer::open(const ClientOptions& options, const ConsumerOptions& consumer_options) {
  if (consumer_options.group.empty() || consumer_options.topics.empty()) {
    return fail(ErrorCode::kInvalidArgument, "a consumer needs a group and at least one topic");
  }
  auto state = std::make_unique<State>();
  auto registry = schema_registry::Client::open(client::registry_options(options));
  if (!registry) return fail(std::move(registry.error()));
  state->registry = std::move(*registry);
  state->deserializer = std::make_unique<serde::Deserializer>(*state->registry);
  kafka::ClientConfig config = client::kafka_config(options);
  config.set("group.id", consumer_options.group);
  config.set("auto.offset.reset", consumer_options.from_beginning ? "earliest" : "latest");
  auto consumer = kafka::Consumer::open(config);
  if (!consumer) return fail(std::move(consumer.error()));
  state->consumer = std::move(*consumer);
  kafka::RebalanceListener listener;
  listener.on_revoked = [state = state.get()](std::span<const kafka::TopicPartition> partitions, bool) {
    state->give_up(partitions);
  };
  if (auto joined = state->consumer->subscribe(consumer_options.topics, std::move(listener)); !joined) {
    return fail(std::move(joined.error()));
  }
  return TypedConsumer(std::move(state));
}

Result<std::optional<TypedRecord>> TypedConsumer::poll(std::chrono::milliseconds timeout) {
  if (auto read = state_->read(timeout); !read) return fail(std::move(read.error()));
  if (!state_->pending) return std::nullopt;
  auto record = state_->typed(*state_->pending);
  if (!record && record.error().code != ErrorCode::kCorrupt) return fail(std::move(record.error()));
  state_->pass();
  if (!record) return fail(std::move(record.error()));
  return std::optional(std::move(*record));
}

Result<void> TypedConsumer::commit() {
  if (state_->passed.empty()) return {};
  if (auto committed = state_->consumer->commit(state_->passed); !committed) return committed;
  state_->passed.clear();
  return {};
}

}  // namespace omashu
