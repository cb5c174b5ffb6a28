#include "omashu/sink.h"

#include <utility>

#include "client/connection.h"
#include "kafka/consumer.h"
#include "kafka/producer.h"
#include "schema_registry/client/client.h"
#include "sink/engine.h"

namespace omashu {

// The handler as a sink of the engine.
class Sink::Adapter : public sink::Sink {
 public:
  explicit Adapter(BatchHandler handler) : handler_(std::move(handler)) {}

  std::expected<sink::Positions, sink::WriteFailure> begin(std::span<const kafka::TopicPartition>,
                                                           const std::stop_token&) override {
    return sink::Positions();
  }
  void end(std::span<const kafka::TopicPartition>) override {}

  sink::WriteResult write(const sink::Batch& batch, sink::Rejections& rejections, const std::stop_token&) override {
    std::vector<TypedRecord> records;
    std::vector<size_t> indexes;  // of the records in the batch
    std::vector<sink::Rejected> rejected;
    for (size_t i = 0; i < batch.records.size(); ++i) {
      auto record = typed(batch.records[i]);
      if (!record) {
        rejected.push_back({i, std::move(record.error())});
        continue;
      }
      records.push_back(*std::move(record));
      indexes.push_back(i);
    }
    if (!records.empty()) {
      const BatchOutcome outcome = handler_(records);
      Error reason{ErrorCode::kUnavailable, outcome.reason_, std::nullopt};
      if (outcome.kind_ == BatchOutcome::Kind::kTryAgain) return fail_batch(sink::WriteFailure::try_again(reason));
      if (outcome.kind_ == BatchOutcome::Kind::kStop) return fail_batch(sink::WriteFailure::stop(reason));
      for (const RejectedRecord& one : outcome.rejected_) {
        if (one.index >= indexes.size()) {
          reason.message = "the handler rejected a record that is not in its batch";
          return fail_batch(sink::WriteFailure::stop(reason));
        }
        rejected.push_back({indexes[one.index], {ErrorCode::kInvalidArgument, one.reason, std::nullopt}});
      }
    }
    if (rejected.empty()) return {};
    return rejections.set_aside(rejected);
  }

 private:
  static sink::WriteResult fail_batch(sink::WriteFailure failure) { return std::unexpected(std::move(failure)); }

  // Text as it is where there was no schema, else JSON.
  static Result<std::optional<std::string>> text_of(const std::optional<sink::SinkPart>& part) {
    if (!part) return std::nullopt;
    if (!part->schema_key) {
      if (part->datum.type().type == avro::Type::kBytes) {
        return fail(ErrorCode::kCorrupt, "neither a schema id nor text (UTF-8)");
      }
      return std::optional(std::string(part->bytes));
    }
    std::string json;
    if (auto written = part->writer->decoder.to_json(part->data, avro::JsonForm::kPlain, json); !written) {
      return fail(std::move(written.error()));
    }
    return std::optional(std::move(json));
  }

  static Result<TypedRecord> typed(const sink::SinkRecord& record) {
    auto key = text_of(record.key);
    if (!key) return fail(std::move(key.error()).within("key"));
    auto value = text_of(record.value);
    if (!value) return fail(std::move(value.error()).within("value"));
    TypedRecord typed;
    typed.topic = record.topic;
    typed.partition = static_cast<int32_t>(record.partition);
    typed.offset = static_cast<int64_t>(record.offset);
    typed.timestamp_ms = record.message->timestamp_ms;
    typed.key = *std::move(key);
    typed.value = *std::move(value);
    for (const kafka::Header& header : record.message->headers) typed.headers.push_back({header.name, header.value});
    return typed;
  }

  const BatchHandler handler_;
};

struct Sink::State {
  std::unique_ptr<schema_registry::Client> registry;
  std::unique_ptr<sink::Engine> engine;  // last: it uses the registry
};

Sink::Sink(std::unique_ptr<State> state) : state_(std::move(state)) {}
Sink::~Sink() = default;
Sink::Sink(Sink&&) noexcept = default;
Sink& Sink::operator=(Sink&&) noexcept = default;

Result<Sink> Sink::open(const ClientOptions& options, const SinkOptions& sink_options, BatchHandler handler) {
  if (sink_options.group.empty() || sink_options.topics.empty() || !handler) {
    return fail(ErrorCode::kInvalidArgument, "a sink needs a group, at least one topic, and a handler");
  }
  if (!sink_options.retry_delays.empty() && !sink_options.dead_letters) {
    return fail(ErrorCode::kInvalidArgument, "retry topics need dead letters, for what is rejected the last time too");
  }
  auto state = std::make_unique<State>();
  auto registry = schema_registry::Client::open(client::registry_options(options));
  if (!registry) return fail(std::move(registry.error()));
  state->registry = std::move(*registry);
  kafka::ClientConfig config = client::kafka_config(options);
  auto properties = sink::consumer_defaults();
  properties.insert(properties.end(), config.properties.begin(), config.properties.end());
  kafka::ClientConfig of_consumer = config;
  of_consumer.properties = std::move(properties);
  of_consumer.set("group.id", sink_options.group);
  auto consumer = kafka::Consumer::open(of_consumer);
  if (!consumer) return fail(std::move(consumer.error()));
  std::unique_ptr<kafka::Producer> producer;
  if (sink_options.dead_letters) {
    auto opened = kafka::Producer::open(config);
    if (!opened) return fail(std::move(opened.error()));
    producer = *std::move(opened);
  }
  sink::EngineOptions engine;
  engine.name = sink_options.name;
  engine.kind = "callback";
  engine.topics = sink_options.topics;
  engine.from_beginning = sink_options.from_beginning;
  engine.dead_letters = sink_options.dead_letters;
  engine.retry_delays = sink_options.retry_delays;
  engine.limits.batch_records = sink_options.batch_records;
  engine.limits.batch_bytes = sink_options.batch_bytes;
  engine.limits.batch_wait = sink_options.batch_wait;
  engine.limits.max_bytes = sink_options.max_bytes;
  engine.grace = sink_options.grace;
  engine.warn = sink_options.on_warning;
  state->engine = std::make_unique<sink::Engine>(std::move(engine), std::make_unique<Adapter>(std::move(handler)),
                                                 *std::move(consumer), std::move(producer), *state->registry);
  return Sink(std::move(state));
}

Result<void> Sink::run(const std::stop_token& stop) { return state_->engine->run(stop); }

SinkStats Sink::stats() const {
  const sink::EngineStats stats = state_->engine->stats();
  return {.records = stats.records,
          .dead_letters = stats.dead_letters,
          .retries = stats.retries,
          .lag = stats.lag(),
          .failure = stats.last_failure};
}

}  // namespace omashu
