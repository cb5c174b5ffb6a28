#include "kafka/consumer.h"

#include <fmt/core.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <string_view>
#include <utility>

#include "base/mutex.h"
#include "kafka/client_handle.h"
#include "kafka/error_codes.h"
#include "kafka/list_offsets.h"
#include "kafka/message.h"
#include "kafka/partition_list.h"

namespace omashu::kafka {
namespace {

constexpr const char* kNoGroup = "omashu-no-group";  // librdkafka wants a name even where there is no group

// fetch.queue.backoff.ms is how long librdkafka waits, once its queue was full, before it looks whether there is room
// again. Its own default of a second is longer than it takes to read a million records.
constexpr std::pair<const char*, const char*> kDefaults[] = {
    {"group.id", kNoGroup},           {"enable.auto.commit", "false"},   {"enable.auto.offset.store", "false"},
    {"enable.partition.eof", "true"}, {"auto.offset.reset", "earliest"}, {"check.crcs", "true"},
    {"fetch.queue.backoff.ms", "1"},
};

struct MessageDeleter {
  void operator()(rd_kafka_message_t* message) const { rd_kafka_message_destroy(message); }
};
using MessagePtr = std::unique_ptr<rd_kafka_message_t, MessageDeleter>;

struct QueueDeleter {
  void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
};

struct TopicDeleter {
  void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
};

struct MetadataDeleter {
  void operator()(const rd_kafka_metadata_t* metadata) const { rd_kafka_metadata_destroy(metadata); }
};

// Takes an rd_kafka_error_t, null for success.
Result<void> take(rd_kafka_error_t* error, std::string_view what) {
  if (error == nullptr) return {};
  Error ours = broker_error(rd_kafka_error_code(error), rd_kafka_error_string(error)).within(std::string(what));
  rd_kafka_error_destroy(error);
  return fail(std::move(ours));
}

class RdKafkaConsumer : public Consumer {
 public:
  Result<void> connect(const ClientConfig& config);
  ~RdKafkaConsumer() override {
    listener_ = {};  // what it uses may be gone by now
    static_cast<void>(close());
  }

  Result<std::vector<PartitionId>> partitions_of(const std::string& topic, std::chrono::milliseconds timeout) override;
  Result<Watermarks> watermarks(const TopicPartition& partition, std::chrono::milliseconds timeout) override;
  Result<std::map<TopicPartition, Watermarks>> all_watermarks(std::span<const TopicPartition> partitions,
                                                              std::chrono::milliseconds timeout) override;
  Result<std::map<TopicPartition, Offset>> offsets_for_time(std::span<const TopicPartition> partitions,
                                                            int64_t timestamp_ms,
                                                            std::chrono::milliseconds timeout) override;
  void pass_over_damage(std::function<void(const DamagedBatch&)> listener) override {
    damage_listener_ = std::move(listener);
  }
  Result<void> assign(const std::map<TopicPartition, Offset>& offsets) override;
  Result<void> subscribe(std::span<const std::string> topics, RebalanceListener listener) override;
  Result<void> pause(std::span<const TopicPartition> partitions) override;
  Result<void> resume(std::span<const TopicPartition> partitions) override;
  Result<void> seek(const std::map<TopicPartition, Offset>& offsets, std::chrono::milliseconds timeout) override;
  Result<ConsumerEvent> poll(std::chrono::milliseconds timeout) override;
  Result<std::vector<ConsumerEvent>> poll_batch(size_t max_events, std::chrono::milliseconds timeout) override;
  Result<void> read_batch(MessageBatch& batch, size_t max_events, std::chrono::milliseconds timeout) override;
  std::optional<Offset> fetched_end(const TopicPartition& partition) override;
  std::optional<Error> outage() override { return client_->outage(); }
  void wake() override;
  Result<void> commit(const std::map<TopicPartition, Offset>& next_offsets) override;
  Result<std::map<TopicPartition, Offset>> committed(std::span<const TopicPartition> partitions,
                                                     std::chrono::milliseconds timeout) override;
  Result<void> close() override;

 private:
  static void on_rebalance(rd_kafka_t* client, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* partitions,
                           void* opaque);
  Result<void> assign_now(rd_kafka_topic_partition_list_t* partitions);
  Result<void> unassign_now(const rd_kafka_topic_partition_list_t* partitions);
  bool is_cooperative() const;

  Result<std::map<TopicPartition, Offset>> offsets_of(const OffsetQuery& query, std::chrono::milliseconds timeout);
  Result<MessagePtr> poll_message(std::chrono::milliseconds timeout);
  template <class Take>
  void take_what_is_there(size_t max_events, const Take& take);
  Result<ConsumerEvent> event_of(const rd_kafka_message_t& message);
  Result<void> add_to(MessageBatch& batch, const rd_kafka_message_t& message);
  bool may_pass_over(const rd_kafka_message_t& message) const;
  void note_damage(const rd_kafka_message_t& message);
  std::map<TopicPartition, Offset> positions();
  Result<void> resume_behind_damage();

  std::unique_ptr<ClientHandle> client_;
  Mutex queue_mutex_;                                      // of wake(), which may come from another thread
  std::unique_ptr<rd_kafka_queue_t, QueueDeleter> queue_;  // what poll() reads; replaced under queue_mutex_
  std::atomic<bool> is_woken_ = false;
  ClientConfig config_;
  RebalanceListener listener_;
  std::function<void(const DamagedBatch&)> damage_listener_;
  DamagedBatch last_damage_ = {{}, -1};        // what was met last, and
  Offset resume_at_ = 0;                       // where reading goes on behind it,
  bool must_resume_ = false;                   // with the next poll
  std::map<TopicPartition, Offset> assigned_;  // by the last assign()
  std::map<TopicPartition, Offset> dropped_;   // the first message of each that was behind the damage in a batch
  bool has_group_ = false;
  bool is_read_committed_ = true;
  bool is_closed_ = false;
  std::optional<Error> rebalance_error_;    // told by the next poll()
  std::optional<Error> postponed_error_;    // found behind the events of a batch
  std::vector<rd_kafka_message_t*> batch_;  // room for poll_batch(), empty between its calls
};

Result<void> RdKafkaConsumer::connect(const ClientConfig& config) {
  for (const auto& [name, value] : config.properties) {
    if (name == "group.id") has_group_ = !value.empty();
    if (name == "isolation.level") is_read_committed_ = value == "read_committed";
  }
  auto client = ClientHandle::open(
      config, {.role = ClientHandle::Role::kConsumer,
               .defaults = kDefaults,
               .add_callbacks = [](rd_kafka_conf_t* conf) { rd_kafka_conf_set_rebalance_cb(conf, on_rebalance); },
               .owner = this});
  if (!client) return fail(std::move(client.error()));
  client_ = std::move(*client);
  config_ = config;
  const MutexLock lock(queue_mutex_);
  queue_.reset(rd_kafka_queue_get_consumer(client_->get()));
  return {};
}

// ---- What is there

Result<std::vector<PartitionId>> RdKafkaConsumer::partitions_of(const std::string& topic,
                                                                std::chrono::milliseconds timeout) {
  const Clock::time_point deadline = Clock::now() + timeout;
  if (auto there = client_->wait_for_broker(deadline); !there) return fail(std::move(there.error()));
  const std::unique_ptr<rd_kafka_topic_t, TopicDeleter> handle(
      rd_kafka_topic_new(client_->get(), topic.c_str(), nullptr));
  if (!handle) return fail(ErrorCode::kInvalidArgument, fmt::format("'{}' is no name for a topic", topic));
  const rd_kafka_metadata_t* answer = nullptr;
  rd_kafka_resp_err_t code =
      rd_kafka_metadata(client_->get(), 0, handle.get(), &answer, to_timeout_ms(time_left(deadline)));
  const std::unique_ptr<const rd_kafka_metadata_t, MetadataDeleter> metadata(answer);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
    code = metadata->topic_cnt == 1 ? metadata->topics[0].err : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
  } else if (meaning_of(code) == ErrorCode::kUnavailable || meaning_of(code) == ErrorCode::kTimeout) {
    rd_kafka_poll(client_->get(), 0);
    return fail(client_->no_answer(timeout));
  }
  if (code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
    return fail(ErrorCode::kNotFound, fmt::format("there is no topic {}", topic));
  }
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return fail(broker_error(code, "").within("topic " + topic));

  std::vector<PartitionId> partitions;
  for (int i = 0; i < metadata->topics[0].partition_cnt; ++i)
    partitions.push_back(metadata->topics[0].partitions[i].id);
  std::ranges::sort(partitions);
  return partitions;
}

Result<std::map<TopicPartition, Offset>> RdKafkaConsumer::offsets_of(const OffsetQuery& query,
                                                                     std::chrono::milliseconds timeout) {
  std::map<TopicPartition, Offset> offsets;
  for (auto& [partition, offset] : list_offsets(*client_, query, is_read_committed_, Clock::now() + timeout)) {
    if (!offset) return fail(offset.error());
    offsets[partition] = offset->offset;
  }
  return offsets;
}

Result<Watermarks> RdKafkaConsumer::watermarks(const TopicPartition& partition, std::chrono::milliseconds timeout) {
  auto all = all_watermarks(std::span(&partition, 1), timeout);
  if (!all) return fail(std::move(all.error()));
  return all->at(partition);
}

Result<std::map<TopicPartition, Watermarks>> RdKafkaConsumer::all_watermarks(std::span<const TopicPartition> partitions,
                                                                             std::chrono::milliseconds timeout) {
  const Clock::time_point deadline = Clock::now() + timeout;
  OffsetQuery lows, highs;
  for (const TopicPartition& partition : partitions) {
    lows[partition] = kEarliestTimestamp;
    highs[partition] = kLatestTimestamp;
  }
  const auto low = offsets_of(lows, timeout);
  if (!low) return fail(low.error());
  const auto high = offsets_of(highs, time_left(deadline));
  if (!high) return fail(high.error());
  std::map<TopicPartition, Watermarks> watermarks;
  for (const auto& [partition, offset] : *low) watermarks[partition] = {.low = offset, .high = high->at(partition)};
  return watermarks;
}

Result<std::map<TopicPartition, Offset>> RdKafkaConsumer::offsets_for_time(std::span<const TopicPartition> partitions,
                                                                           int64_t timestamp_ms,
                                                                           std::chrono::milliseconds timeout) {
  OffsetQuery query;
  // Negative ones mean something else to Kafka.
  for (const TopicPartition& partition : partitions) query[partition] = std::max<int64_t>(timestamp_ms, 0);
  return offsets_of(query, timeout);
}

std::optional<Offset> RdKafkaConsumer::fetched_end(const TopicPartition& partition) {
  int64_t low = 0, high = 0;
  const rd_kafka_resp_err_t code =
      rd_kafka_get_watermark_offsets(client_->get(), partition.topic.c_str(), partition.partition, &low, &high);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR || high < 0) return std::nullopt;
  return high;
}

// ---- What to read

Result<void> RdKafkaConsumer::assign(const std::map<TopicPartition, Offset>& offsets) {
  const rd_kafka_resp_err_t code = rd_kafka_assign(client_->get(), make_partition_list(offsets).get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return fail(broker_error(code, "").within("assigning partitions"));
  assigned_ = offsets;
  return {};
}

Result<void> RdKafkaConsumer::subscribe(std::span<const std::string> topics, RebalanceListener listener) {
  if (!has_group_) return fail(ErrorCode::kInvalidArgument, "group.id is not set: name the group to join");
  listener_ = std::move(listener);
  std::map<TopicPartition, Offset> list;
  for (const std::string& topic : topics) list[{topic, RD_KAFKA_PARTITION_UA}] = RD_KAFKA_OFFSET_INVALID;
  const rd_kafka_resp_err_t code = rd_kafka_subscribe(client_->get(), make_partition_list(list).get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return fail(broker_error(code, "").within("subscribing"));
  return {};
}

bool RdKafkaConsumer::is_cooperative() const {
  const char* protocol = rd_kafka_rebalance_protocol(client_->get());
  return protocol != nullptr && std::string_view(protocol) == "COOPERATIVE";
}

// Those that come paused start at the beginning for librdkafka, so that it asks for no committed offset that is not
// used, and seek() finds them started.
Result<void> RdKafkaConsumer::assign_now(rd_kafka_topic_partition_list_t* partitions) {
  if (listener_.assigns_paused) {
    for (int i = 0; i < partitions->cnt; ++i) partitions->elems[i].offset = RD_KAFKA_OFFSET_BEGINNING;
  }
  if (is_cooperative()) {
    auto taken = take(rd_kafka_incremental_assign(client_->get(), partitions), "taking partitions");
    if (!taken) return taken;
  } else if (const auto code = rd_kafka_assign(client_->get(), partitions); code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return fail(broker_error(code, "").within("taking partitions"));
  }
  return listener_.assigns_paused ? pause(partitions_in(*partitions)) : Result<void>();
}

Result<void> RdKafkaConsumer::unassign_now(const rd_kafka_topic_partition_list_t* partitions) {
  if (is_cooperative()) {
    return take(rd_kafka_incremental_unassign(client_->get(), partitions), "giving partitions back");
  }
  const rd_kafka_resp_err_t code = rd_kafka_assign(client_->get(), nullptr);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return fail(broker_error(code, "").within("giving partitions back"));
  return {};
}

void RdKafkaConsumer::on_rebalance(rd_kafka_t* client, rd_kafka_resp_err_t code,
                                   rd_kafka_topic_partition_list_t* partitions, void* opaque) {
  auto* self = static_cast<RdKafkaConsumer*>(static_cast<ClientHandle*>(opaque)->owner());
  const std::vector<TopicPartition> named = partitions_in(*partitions);
  Result<void> done;
  if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    done = self->assign_now(partitions);
    if (done && self->listener_.is_member_alone) rd_kafka_pause_partitions(client, partitions);
    if (done && self->listener_.on_assigned) self->listener_.on_assigned(named);
  } else {
    const bool is_lost = code != RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS || rd_kafka_assignment_lost(client) == 1;
    if (self->listener_.on_revoked) self->listener_.on_revoked(named, is_lost);
    done = self->unassign_now(partitions);
  }
  if (!done) self->rebalance_error_ = std::move(done.error());
}

PartitionListPtr list_of(std::span<const TopicPartition> partitions) {
  std::map<TopicPartition, Offset> list;
  for (const TopicPartition& partition : partitions) list[partition] = Offset{RD_KAFKA_OFFSET_INVALID};
  return make_partition_list(list);
}

Result<void> RdKafkaConsumer::pause(std::span<const TopicPartition> partitions) {
  const rd_kafka_resp_err_t code = rd_kafka_pause_partitions(client_->get(), list_of(partitions).get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return fail(broker_error(code, "").within("pausing partitions"));
  return {};
}

Result<void> RdKafkaConsumer::resume(std::span<const TopicPartition> partitions) {
  const rd_kafka_resp_err_t code = rd_kafka_resume_partitions(client_->get(), list_of(partitions).get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return fail(broker_error(code, "").within("resuming partitions"));
  return {};
}

Result<void> RdKafkaConsumer::seek(const std::map<TopicPartition, Offset>& offsets, std::chrono::milliseconds timeout) {
  if (offsets.empty()) return {};
  const PartitionListPtr list = make_partition_list(offsets);
  auto sought =
      take(rd_kafka_seek_partitions(client_->get(), list.get(), std::max(1, to_timeout_ms(timeout))), "seeking");
  if (!sought) return sought;
  for (int i = 0; i < list->cnt; ++i) {
    const rd_kafka_topic_partition_t& done = list->elems[i];
    if (done.err == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    Error error = broker_error(done.err, "").within(fmt::format("seeking in {}-{}", done.topic, done.partition));
    const bool is_starting = done.err == RD_KAFKA_RESP_ERR__STATE || done.err == RD_KAFKA_RESP_ERR__PREV_IN_PROGRESS;
    if (is_starting) error.code = ErrorCode::kUnavailable;
    return fail(std::move(error));
  }
  return {};
}

// ---- Reading

// Errors that librdkafka mends by itself, or that concern a group that nobody asked for.
bool RdKafkaConsumer::may_pass_over(const rd_kafka_message_t& message) const {
  const ErrorCode meaning = meaning_of(message.err);
  if (meaning == ErrorCode::kUnavailable || meaning == ErrorCode::kTimeout || meaning == ErrorCode::kIo) return true;
  return !has_group_ && message.err == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED;
}

Result<ConsumerEvent> RdKafkaConsumer::event_of(const rd_kafka_message_t& message) {
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) return copy_message(message);
  if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    return PartitionEnd{{rd_kafka_topic_name(message.rkt), message.partition}, message.offset};
  }
  if (may_pass_over(message)) return ConsumerEvent{};
  if (message.err == RD_KAFKA_RESP_ERR__BAD_MSG && damage_listener_ && message.rkt != nullptr) {
    note_damage(message);
    return ConsumerEvent{};
  }
  if (message.err == RD_KAFKA_RESP_ERR__FATAL) {
    rd_kafka_poll(client_->get(), 0);
    if (auto fatal = client_->fatal_error()) return fail(std::move(*fatal));
  }
  const char* words = rd_kafka_message_errstr(&message);
  Error error = broker_error(message.err, words == nullptr ? "" : words);
  if (message.rkt != nullptr) {
    error = std::move(error).within(fmt::format("{}-{}", rd_kafka_topic_name(message.rkt), message.partition));
  }
  return fail(std::move(error));
}

// How many offsets the batch has is not known, since its header may be what is damaged. A fetch from within the batch
// answers with the whole of it, so the next offset is tried until another batch comes.
void RdKafkaConsumer::note_damage(const rd_kafka_message_t& message) {
  const TopicPartition partition = {rd_kafka_topic_name(message.rkt), message.partition};
  const bool is_same = last_damage_.partition == partition && last_damage_.offset == message.offset;
  resume_at_ = is_same ? resume_at_ + 1 : message.offset + 1;
  must_resume_ = true;
  if (is_same) return;
  last_damage_ = {partition, message.offset};
  damage_listener_(last_damage_);
}

// Where reading goes on, of all partitions that are assigned.
std::map<TopicPartition, Offset> RdKafkaConsumer::positions() {
  std::map<TopicPartition, Offset> offsets = assigned_;
  const PartitionListPtr list = make_partition_list(assigned_);
  if (rd_kafka_position(client_->get(), list.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) return offsets;
  for (int i = 0; i < list->cnt; ++i) {
    const rd_kafka_topic_partition_t& found = list->elems[i];
    if (found.offset >= 0) offsets[{found.topic, found.partition}] = found.offset;
  }
  for (const auto& [partition, offset] : dropped_) offsets[partition] = offset;
  return offsets;
}

// After a batch with a wrong CRC librdkafka (2.8.0) reads the rest of the answer from the wrong place, and gives what
// it finds there even after a seek: its position is anything by then, and may be out of range, which makes it start at
// the beginning again. A new client knows nothing of that answer. The old one must be closed before it is destroyed,
// which stops its fetches: an answer that came meanwhile and was out of range would keep it from ever ending.
Result<void> RdKafkaConsumer::resume_behind_damage() {
  std::map<TopicPartition, Offset> offsets = positions();
  offsets[last_damage_.partition] = resume_at_;
  static_cast<void>(rd_kafka_consumer_close(client_->get()));
  {
    const MutexLock lock(queue_mutex_);
    queue_.reset();
  }
  client_.reset();
  if (auto connected = connect(config_); !connected) return connected;
  must_resume_ = false;
  dropped_.clear();
  return assign(offsets);
}

void RdKafkaConsumer::wake() {
  is_woken_ = true;
  const MutexLock lock(queue_mutex_);
  if (queue_) rd_kafka_queue_yield(queue_.get());
}

// Null when the time was up, or wake() was called.
Result<MessagePtr> RdKafkaConsumer::poll_message(std::chrono::milliseconds timeout) {
  if (is_closed_) return fail(ErrorCode::kCancelled, "the consumer is closed");
  if (postponed_error_) return fail(*std::exchange(postponed_error_, std::nullopt));
  if (must_resume_) {
    if (auto resumed = resume_behind_damage(); !resumed) return fail(std::move(resumed.error()));
  }
  if (is_woken_.exchange(false)) return nullptr;
  const Clock::time_point started = Clock::now();
  MessagePtr message(rd_kafka_consumer_poll(client_->get(), to_timeout_ms(timeout)));
  if (rebalance_error_) return fail(*std::exchange(rebalance_error_, std::nullopt));
  if (!message) {
    rd_kafka_poll(client_->get(), 0);
    if (auto reason = client_->reason_to_give_up(started)) return fail(std::move(*reason));
    return nullptr;
  }
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) client_->note_answer();
  return message;
}

Result<ConsumerEvent> RdKafkaConsumer::poll(std::chrono::milliseconds timeout) {
  const Result<MessagePtr> message = poll_message(timeout);
  if (!message) return fail(message.error());
  return *message == nullptr ? ConsumerEvent{} : event_of(**message);
}

// Gives `take` what has come behind a first event, and keeps the error that it meets there for the next poll().
template <class Take>
void RdKafkaConsumer::take_what_is_there(size_t max_events, const Take& take) {
  batch_.resize(max_events);
  const ssize_t count = rd_kafka_consume_batch_queue(queue_.get(), 0, batch_.data(), batch_.size());
  bool is_behind_damage = false;
  for (ssize_t i = 0; i < count; ++i) {
    const MessagePtr message(batch_[static_cast<size_t>(i)]);
    if (is_behind_damage) {  // what librdkafka makes of the rest of that answer may be anything
      if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        dropped_.try_emplace({rd_kafka_topic_name(message->rkt), message->partition}, message->offset);
      }
      continue;
    }
    is_behind_damage = message->err == RD_KAFKA_RESP_ERR__BAD_MSG;
    Result<void> taken = take(*message);
    if (!taken && !postponed_error_) postponed_error_ = std::move(taken.error());
  }
}

Result<std::vector<ConsumerEvent>> RdKafkaConsumer::poll_batch(size_t max_events, std::chrono::milliseconds timeout) {
  std::vector<ConsumerEvent> events;
  Result<ConsumerEvent> first = poll(timeout);
  if (!first) return fail(std::move(first.error()));
  if (std::holds_alternative<std::monostate>(*first)) return events;
  events.push_back(std::move(*first));
  if (max_events <= 1) return events;
  take_what_is_there(max_events - 1, [&](const rd_kafka_message_t& message) -> Result<void> {
    Result<ConsumerEvent> event = event_of(message);
    if (!event) return fail(std::move(event.error()));
    if (!std::holds_alternative<std::monostate>(*event)) events.push_back(std::move(*event));
    return {};
  });
  return events;
}

Result<void> RdKafkaConsumer::add_to(MessageBatch& batch, const rd_kafka_message_t& message) {
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    copy_message(message, batch.add());
    return {};
  }
  const Result<ConsumerEvent> event = event_of(message);
  if (!event) return fail(event.error());
  if (const auto* end = std::get_if<PartitionEnd>(&*event)) batch.add_end(*end);
  return {};
}

Result<void> RdKafkaConsumer::read_batch(MessageBatch& batch, size_t max_events, std::chrono::milliseconds timeout) {
  batch.clear();
  const Result<MessagePtr> first = poll_message(timeout);
  if (!first) return fail(first.error());
  if (*first == nullptr) return {};
  if (auto added = add_to(batch, **first); !added) return added;
  if (max_events > 1) {
    take_what_is_there(max_events - 1, [&](const rd_kafka_message_t& message) { return add_to(batch, message); });
  }
  return {};
}

// ---- The group

Result<void> RdKafkaConsumer::commit(const std::map<TopicPartition, Offset>& next_offsets) {
  if (next_offsets.empty()) return {};
  const PartitionListPtr list = make_partition_list(next_offsets);
  const rd_kafka_resp_err_t code = rd_kafka_commit(client_->get(), list.get(), 0);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return fail(broker_error(code, "").within("committing offsets"));
  for (int i = 0; i < list->cnt; ++i) {
    const rd_kafka_topic_partition_t& done = list->elems[i];
    if (done.err == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    return fail(broker_error(done.err, "").within(fmt::format("committing {}-{}", done.topic, done.partition)));
  }
  return {};
}

Result<std::map<TopicPartition, Offset>> RdKafkaConsumer::committed(std::span<const TopicPartition> partitions,
                                                                    std::chrono::milliseconds timeout) {
  const Clock::time_point deadline = Clock::now() + timeout;
  if (auto there = client_->wait_for_broker(deadline); !there) return fail(std::move(there.error()));
  std::map<TopicPartition, Offset> query;
  for (const TopicPartition& partition : partitions) query[partition] = RD_KAFKA_OFFSET_INVALID;
  const PartitionListPtr list = make_partition_list(query);
  const rd_kafka_resp_err_t code = rd_kafka_committed(client_->get(), list.get(), to_timeout_ms(time_left(deadline)));
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return fail(broker_error(code, "").within("reading committed offsets"));
  std::map<TopicPartition, Offset> offsets;
  for (int i = 0; i < list->cnt; ++i) {
    const rd_kafka_topic_partition_t& found = list->elems[i];
    if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return fail(
          broker_error(found.err, "").within(fmt::format("committed offset of {}-{}", found.topic, found.partition)));
    }
    if (found.offset >= 0) offsets[{found.topic, found.partition}] = found.offset;
  }
  return offsets;
}

Result<void> RdKafkaConsumer::close() {
  if (is_closed_ || !client_) return {};
  is_closed_ = true;
  const rd_kafka_resp_err_t code = rd_kafka_consumer_close(client_->get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return fail(broker_error(code, "").within("leaving the group"));
  return {};
}

}  // namespace

Result<std::unique_ptr<Consumer>> Consumer::open(const ClientConfig& config) {
  auto consumer = std::make_unique<RdKafkaConsumer>();
  if (auto connected = consumer->connect(config); !connected) return fail(std::move(connected.error()));
  return consumer;
}

}  // namespace omashu::kafka
