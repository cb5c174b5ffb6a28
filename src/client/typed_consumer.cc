#include "omashu/typed_consumer.h"

#include <algorithm>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "client/connection.h"
#include "client/record_decoder.h"
#include "client/records_at_work.h"
#include "kafka/consumer.h"
#include "kafka/producer.h"
#include "sink/dead_letter.h"

namespace omashu {

struct TypedConsumer::State {
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

  void take(std::span<const kafka::TopicPartition> partitions) {
    ++assignments;
    assigned.insert(partitions.begin(), partitions.end());
    if (is_paused) (void)consumer->pause(partitions);
  }

  // Another member reads these from what is committed: what was not, is for it to read again.
  void give_up(std::span<const kafka::TopicPartition> partitions) {
    ++assignments;
    for (const kafka::TopicPartition& partition : partitions) {
      assigned.erase(partition);
      work.forget(partition);
      if (pending && kafka::TopicPartition{pending->topic, pending->partition} == partition) pending.reset();
    }
  }

  Result<void> commit(const client::RecordsAtWork::Positions& positions) {
    if (positions.empty()) return {};
    if (auto committed = consumer->commit(positions); !committed) return committed;
    work.committed(positions);
    return {};
  }

  // Durable in the topic of dead letters when it returns.
  Result<void> set_aside(const kafka::Message& message, Error reason) {
    const sink::Failure failure{.partition = {message.topic, message.partition},
                                .offset = message.offset,
                                .sink = group,
                                .kind = "consumer",
                                .stage = sink::FailedStage::kValueConverter,
                                .reason = std::move(reason)};
    // The callback may be served by a later call's poll(), after this one has given up.
    const auto delivered = std::make_shared<std::optional<Result<void>>>();
    auto sent = dead_letters->send(sink::make_dead_letter(message, dead_letter_topic, failure),
                                   [delivered](const Result<kafka::RecordMetadata>& metadata) {
                                     *delivered = metadata ? Result<void>() : fail(metadata.error());
                                   });
    if (!sent) return sent;
    if (auto flushed = dead_letters->flush(timeout); !flushed) return flushed;
    return delivered->value_or(fail(ErrorCode::kTimeout, dead_letter_topic + ": not acknowledged"));
  }

  std::string group;
  std::chrono::milliseconds timeout{0};
  std::unique_ptr<schema_registry::Client> registry;
  std::unique_ptr<client::RecordDecoder> decoder;
  std::string dead_letter_topic;
  std::unique_ptr<kafka::Producer> dead_letters;  // where there are any
  std::optional<kafka::Message> pending;          // read, but not yet told to the caller
  client::RecordsAtWork work;
  std::set<kafka::TopicPartition> assigned;
  uint64_t assignments = 0;
  bool is_paused = false;
  std::unique_ptr<kafka::Consumer> consumer;  // last: its listener uses the others
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
  state->decoder = std::make_unique<client::RecordDecoder>(*state->registry);
  state->group = consumer_options.group;
  state->timeout = options.timeout;
  if (!consumer_options.dead_letters.empty()) {
    state->dead_letter_topic = consumer_options.dead_letters;
    auto producer = kafka::Producer::open(client::kafka_config(options));
    if (!producer) return fail(std::move(producer.error()));
    state->dead_letters = std::move(*producer);
  }
  kafka::ClientConfig config = client::kafka_config(options);
  config.set("group.id", consumer_options.group);
  if (!consumer_options.member.empty()) config.set("group.instance.id", consumer_options.member);
  config.set("auto.offset.reset", consumer_options.from_beginning ? "earliest" : "latest");
  auto consumer = kafka::Consumer::open(config);
  if (!consumer) return fail(std::move(consumer.error()));
  state->consumer = std::move(*consumer);
  kafka::RebalanceListener listener;
  listener.on_assigned = [state = state.get()](std::span<const kafka::TopicPartition> partitions) {
    state->take(partitions);
  };
  listener.on_revoked = [state = state.get()](std::span<const kafka::TopicPartition> partitions, bool) {
    state->give_up(partitions);
  };
  if (auto joined = state->consumer->subscribe(consumer_options.topics, std::move(listener)); !joined) {
    return fail(std::move(joined.error()));
  }
  return TypedConsumer(std::move(state));
}

Result<std::optional<TypedRecord>> TypedConsumer::poll(std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (auto read = state_->read(std::max(left, std::chrono::milliseconds(0))); !read) {
      return fail(std::move(read.error()));
    }
    if (!state_->pending) return std::nullopt;
    auto record = state_->decoder->decode(*state_->pending);
    if (!record && record.error().code != ErrorCode::kCorrupt) return fail(std::move(record.error()));
    const kafka::TopicPartition partition{state_->pending->topic, state_->pending->partition};
    const kafka::Offset offset = state_->pending->offset;
    if (record) {
      state_->work.begin(partition, offset);
      state_->pending.reset();
      return std::optional(std::move(*record));
    }
    if (state_->dead_letters) {
      if (auto aside = state_->set_aside(*state_->pending, record.error()); !aside) {
        return fail(std::move(aside.error()));
      }
    }
    state_->work.skip(partition, offset);
    state_->pending.reset();
    if (!state_->dead_letters) return fail(std::move(record.error()));
  }
}

Result<void> TypedConsumer::commit() { return state_->commit(state_->work.read()); }

void TypedConsumer::finish(const TypedRecord& record) {
  state_->work.finish({record.topic, kafka::PartitionId{record.partition}}, kafka::Offset{record.offset});
}

Result<void> TypedConsumer::commit_finished() { return state_->commit(state_->work.finished()); }

bool TypedConsumer::holds(const TypedRecord& record) const {
  return state_->assigned.contains({record.topic, kafka::PartitionId{record.partition}});
}

uint64_t TypedConsumer::assignments() const { return state_->assignments; }

void TypedConsumer::pause() {
  if (std::exchange(state_->is_paused, true)) return;
  (void)state_->consumer->pause(std::vector(state_->assigned.begin(), state_->assigned.end()));
}

void TypedConsumer::resume() {
  if (!std::exchange(state_->is_paused, false)) return;
  (void)state_->consumer->resume(std::vector(state_->assigned.begin(), state_->assigned.end()));
}

}  // namespace omashu
