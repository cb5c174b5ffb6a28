#include "cli/init_kafka/topic_move.h"

#include <fmt/core.h>

#include "cli/diagnostics.h"
#include "cli/output/progress.h"
#include "cli/stop_signal.h"
#include "kafka/partitioner.h"

namespace omashu::cli {

namespace {

constexpr size_t kRecordsPerRead = 10'000;
constexpr std::chrono::milliseconds kPause{200};

std::unexpected<Error> stopped() { return fail(ErrorCode::kCancelled, "stopped before all was copied"); }

void show(Context& context, std::string_view what, const table::ReadProgress& progress, ProgressPace& pace) {
  if (!pace.is_due(std::chrono::steady_clock::now())) return;
  context.messages.progress(progress_line(what, progress.done(), progress.total(), ""));
}

}  // namespace

Result<TopicMove> TopicMove::open(Context& context, Cluster& cluster, const std::string& source) {
  const auto registry = cluster.registry();
  if (!registry) return fail(registry.error());
  auto typed = table::TypedTopic::open(**registry, source);
  if (!typed) return fail(std::move(typed.error()));
  const auto key_schema = (*registry)->latest(source + "-key");
  if (!key_schema && key_schema.error().code != ErrorCode::kNotFound) return fail(key_schema.error());
  return TopicMove(context, cluster, source, *std::move(typed), key_schema.has_value());
}

TopicMove::TopicMove(Context& context, Cluster& cluster, std::string source, table::TypedTopic typed,
                     bool has_key_schema)
    : context_(&context),
      cluster_(&cluster),
      source_(std::move(source)),
      typed_(std::make_unique<table::TypedTopic>(std::move(typed))),
      has_key_schema_(has_key_schema),
      failure_(std::make_shared<std::optional<Error>>()) {}

Result<std::unique_ptr<kafka::Consumer>> TopicMove::consumer() const {
  return cluster_->consumer({{"isolation.level", "read_committed"}});
}

Result<std::string> TopicMove::key_of(const kafka::Message& message) {
  auto key = typed_->read_key(message);
  if (key) return key;
  return fail(std::move(key.error())
                  .within(fmt::format("{}-{}-{}: the key", source_, static_cast<int32_t>(message.partition),
                                      static_cast<int64_t>(message.offset))));
}

Result<void> TopicMove::find_keys() {
  const auto description = cluster_->topic(source_);
  if (!description) return fail(description.error());
  ProgressPace pace(std::chrono::steady_clock::now());
  kafka::MessageBatch batch;
  // One partition after the other, as KeyWinners needs it.
  for (const auto& partition : description->partition_descriptions) {
    auto opened = consumer();
    if (!opened) return fail(std::move(opened.error()));
    auto reader = table::TopicReader::open(*std::move(opened), source_, {partition.id}, cluster_->timeout());
    if (!reader) return fail(std::move(reader.error()));
    known_to_[partition.id];
    while (!reader->progress().is_complete()) {
      if (context_->stop.is_requested()) return stopped();
      if (auto read = reader->read(batch, kRecordsPerRead, kPause); !read) return read;
      for (const kafka::Message& message : batch.messages()) {
        const auto key = key_of(message);
        if (!key) return fail(key.error());
        winners_.add(*key, message.partition, message.timestamp_ms);
        known_to_[message.partition] = message.offset + 1;
      }
      show(*context_, "reading keys", reader->progress(), pace);
    }
  }
  context_->messages.clear_progress();
  return {};
}

Result<void> TopicMove::copy_to(const std::string& target, int partitions) {
  target_ = target;
  partitions_ = partitions;
  auto producer = cluster_->producer();
  if (!producer) return fail(std::move(producer.error()));
  producer_ = *std::move(producer);
  auto opened = consumer();
  if (!opened) return fail(std::move(opened.error()));
  auto reader = table::TopicReader::open(*std::move(opened), source_, {}, cluster_->timeout());
  if (!reader) return fail(std::move(reader.error()));
  reader_ = std::make_unique<table::TopicReader>(*std::move(reader));
  ProgressPace pace(std::chrono::steady_clock::now());
  kafka::MessageBatch batch;
  while (!reader_->progress().is_complete()) {
    if (context_->stop.is_requested()) return stopped();
    if (auto read = reader_->read(batch, kRecordsPerRead, kPause); !read) return read;
    for (const kafka::Message& message : batch.messages()) {
      if (auto copied = copy(message); !copied) return copied;
    }
    show(*context_, "copying", reader_->progress(), pace);
  }
  context_->messages.clear_progress();
  return flush();
}

Result<void> TopicMove::follow() {
  kafka::MessageBatch batch;
  while (true) {
    const bool is_last = context_->stop.is_requested();
    if (auto read = reader_->read(batch, kRecordsPerRead, is_last ? 5 * kPause : kPause); !read) return read;
    for (const kafka::Message& message : batch.messages()) {
      if (auto copied = copy(message); !copied) return copied;
    }
    if (batch.messages().empty() && is_last) break;
    context_->messages.progress(fmt::format("following {}: {} records copied", source_, grouped(counts_.records)));
  }
  context_->messages.clear_progress();
  return flush();
}

Result<void> TopicMove::copy(const kafka::Message& message) {
  const auto key = key_of(message);
  if (!key) return fail(key.error());
  const bool was_known = message.offset < known_to_.at(message.partition);
  const bool counts = was_known ? winners_.is_winner(*key, message.partition)
                                : winners_.replaces(*key, message.partition, message.timestamp_ms);
  if (!counts) {
    ++counts_.superseded;
    return {};
  }
  auto bytes = has_key_schema_ ? typed_->write_key(*key) : Result<std::string>(message.key.value_or(""));
  if (!bytes) return fail(std::move(bytes.error()));
  kafka::Record record{.topic = target_,
                       .partition = kafka::partition_of(*bytes, partitions_),
                       .key = *std::move(bytes),
                       .value = message.value,
                       .headers = message.headers,
                       .timestamp_ms = message.timestamp_ms};
  ++counts_.records;
  auto sent = producer_->send(std::move(record), [failure = failure_](const Result<kafka::RecordMetadata>& delivered) {
    if (!delivered && !*failure) *failure = delivered.error();
  });
  if (!sent) return sent;
  if (*failure_) return fail(Error(**failure_).within("writing to " + target_));
  return {};
}

Result<void> TopicMove::flush() {
  if (auto flushed = producer_->flush(cluster_->timeout()); !flushed) return flushed;
  if (*failure_) return fail(Error(**failure_).within("writing to " + target_));
  return {};
}

}  // namespace omashu::cli
