#include "schema_registry/server/kafka_reader.h"

#include <malloc.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "base/pause.h"
#include "base/thread_signals.h"

namespace omashu::schema_registry::server {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr size_t kBatch = 10'000;
constexpr milliseconds kPoll{60'000};  // wake() ends it
constexpr milliseconds kRestoreWait{100};
constexpr milliseconds kFollowWait{5'000};
constexpr milliseconds kErrorPause{1'000};

std::string_view header_of(const kafka::Message& message, std::string_view name) {
  const auto header = std::ranges::find(message.headers, name, &kafka::Header::name);
  return header == message.headers.end() || !header->value ? std::string_view() : std::string_view(*header->value);
}

int64_t given_ids_of(const kafka::Message& message) {
  const std::string_view text = header_of(message, kGivenIdsHeader);
  int64_t given_ids = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), given_ids);
  return error == std::errc() && end == text.data() + text.size() ? given_ids : 0;
}

}  // namespace

Result<std::unique_ptr<KafkaReader>> KafkaReader::start(const KafkaTopic& topic, SharedStore& store,
                                                        milliseconds timeout) {
  std::unique_ptr<KafkaReader> reader(new KafkaReader(topic, store));
  auto consumer = reader->open_consumer(kRestoreWait);
  if (!consumer) return fail(std::move(consumer.error()));
  reader->consumer_ = *std::move(consumer);
  if (auto restored = reader->restore(timeout); !restored) {
    Error error = std::move(restored.error()).within("reading the topic " + topic.name);
    if (error.code != ErrorCode::kIo) return fail(std::move(error));
    reader->unread_reason_ = std::move(error);
  }
  malloc_trim(0);  // the records on their way took as much memory as what is kept of them
  return reader;
}

Result<std::unique_ptr<kafka::Consumer>> KafkaReader::open_consumer(milliseconds wait) {
  kafka::ClientConfig config = kafka_;
  config.set("isolation.level", "read_uncommitted");  // nobody writes transactions here: what is there counts
  config.set("check.crcs", "true");                   // whatever the user's properties say
  config.set("fetch.wait.max.ms", std::to_string(wait.count()));
  auto consumer = kafka::Consumer::open(config);
  if (!consumer) return consumer;
  (*consumer)->pass_over_damage([this](const kafka::DamagedBatch& batch) {
    if (!damaged_from_) damaged_from_ = batch.offset;
  });
  return consumer;
}

// There is seldom anything new: ten times fewer questions than Kafka's default, and fifty times fewer than while the
// topic is read for the first time.
Result<void> KafkaReader::become_patient() {
  auto patient = open_consumer(kFollowWait);
  if (!patient) return fail(std::move(patient.error()));
  if (auto assigned = (*patient)->assign({{{topic_, 0}, position_}}); !assigned) return assigned;
  const MutexLock lock(consumer_mutex_);
  consumer_.swap(*patient);
  return {};
}

Result<void> KafkaReader::restore(milliseconds timeout) {
  const auto deadline = steady_clock::now() + timeout;
  const kafka::TopicPartition partition = {topic_, 0};
  const auto watermarks = consumer_->watermarks(partition, timeout);
  if (!watermarks) return fail(watermarks.error());
  restored_offset_ = watermarks->high;
  if (watermarks->low >= watermarks->high) {  // nothing would come, and not come for 500 ms
    if (watermarks->high > 0) note_unreadable(0, watermarks->high);
    position_ = watermarks->high;
    store_.set_restored();
  }
  if (auto assigned = consumer_->assign({{partition, kafka::kOffsetBeginning}}); !assigned) return assigned;
  while (!store_.is_restored()) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    if (left.count() <= 0) return fail(ErrorCode::kTimeout, "its end was not reached in time");
    if (auto read = read_batch(left); !read) return read;
  }
  return {};
}

Result<void> KafkaReader::read_batch(milliseconds timeout) {
  const auto events = consumer_->poll_batch(kBatch, timeout);
  if (!events) return fail(events.error());
  apply(*events);
  return {};
}

void KafkaReader::apply(const std::vector<kafka::ConsumerEvent>& events) {
  std::vector<IncomingRecord> records;
  records.reserve(events.size());
  bool is_at_end = false;
  for (const kafka::ConsumerEvent& event : events) {
    if (const auto* end = std::get_if<kafka::PartitionEnd>(&event)) {
      is_at_end = true;
      position_ = std::max(position_, end->offset);
      if (damaged_from_ && end->offset > *damaged_from_) {
        note_unreadable(*std::exchange(damaged_from_, std::nullopt), end->offset);
        next_offset_ = end->offset;
      } else if (!store_.is_restored() && end->offset > next_offset_) {
        note_unreadable(next_offset_, end->offset);  // compaction leaves the last records alone
      }
    }
    const auto* message = std::get_if<kafka::Message>(&event);
    if (message == nullptr) continue;
    if (message->offset < next_offset_) {
      // The topic was made anew: what stood in the old one is gone, what this batch held of it included.
      store_.reset();
      damaged_from_.reset();
      restored_offset_ = std::numeric_limits<kafka::Offset>::max();
      is_at_end = false;
      records.clear();
    }
    if (damaged_from_ && message->offset > *damaged_from_) {
      note_unreadable(*std::exchange(damaged_from_, std::nullopt), message->offset);
    }
    next_offset_ = message->offset + 1;
    position_ = next_offset_;
    const std::string_view key = message->key ? std::string_view(*message->key) : std::string_view();
    records.push_back({message->offset, key, message->value, header_of(*message, kTermHeader), message->timestamp_ms,
                       given_ids_of(*message)});
  }
  if (!records.empty()) store_.apply(records);
  // The end may move on faster than this reader does; and the last record before it may be gone.
  if (is_at_end || next_offset_ >= restored_offset_) store_.set_restored();
}

void KafkaReader::note_unreadable(kafka::Offset first, kafka::Offset end) {
  store_.note_unreadable(first, end);
  if (listener_.on_damage) listener_.on_damage();
}

void KafkaReader::follow(Listener listener) {
  listener_ = std::move(listener);
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void KafkaReader::run(const std::stop_token& stop) {
  block_signals();
  while (unread_reason_ && !stop.stop_requested()) {
    pause(stop, kErrorPause);
    if (!restore(kPoll)) continue;
    unread_reason_.reset();
    listener_.on_damage();
  }
  if (auto patient = become_patient(); !patient) listener_.on_error(patient.error().message);
  while (!stop.stop_requested()) {
    if (auto read = read_batch(kPoll); !read) {
      listener_.on_error(read.error().message);
      pause(stop, kErrorPause);
    }
    listener_.on_progress();
  }
}

KafkaReader::~KafkaReader() {
  thread_.request_stop();
  const MutexLock lock(consumer_mutex_);
  consumer_->wake();
}

}  // namespace omashu::schema_registry::server
