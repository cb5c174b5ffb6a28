#include "kafka/producer.h"

#include <fmt/core.h>
#include <librdkafka/rdkafka.h>

#include <array>
#include <map>
#include <utility>

#include "base/mutex.h"
#include "kafka/client_handle.h"
#include "kafka/error_codes.h"

namespace omashu::kafka {
namespace {

constexpr std::pair<const char*, const char*> kDefaults[] = {
    {"enable.idempotence", "true"},
    {"acks", "all"},
    {"partitioner", "murmur2_random"},
    {"linger.ms", "5"},
    {"queue.buffering.max.messages", "1000000"},
    {"queue.buffering.max.kbytes", "262144"},
};

struct HeadersDeleter {
  void operator()(rd_kafka_headers_t* headers) const { rd_kafka_headers_destroy(headers); }
};
using HeadersPtr = std::unique_ptr<rd_kafka_headers_t, HeadersDeleter>;

struct TopicDeleter {
  void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
};
using TopicPtr = std::unique_ptr<rd_kafka_topic_t, TopicDeleter>;

HeadersPtr make_headers(const std::vector<Header>& headers) {
  HeadersPtr list(rd_kafka_headers_new(headers.size()));
  for (const auto& [name, value] : headers) {
    rd_kafka_header_add(list.get(), name.data(), static_cast<ssize_t>(name.size()), value ? value->data() : nullptr,
                        value ? static_cast<ssize_t>(value->size()) : 0);
  }
  return list;
}

// The arguments of rd_kafka_produceva() for one record, which must outlive them.
class ProduceArguments {
 public:
  ProduceArguments(rd_kafka_topic_t* topic, Record& record, rd_kafka_headers_t* headers, void* opaque) {
    add(RD_KAFKA_VTYPE_RKT).u.rkt = topic;
    add(RD_KAFKA_VTYPE_MSGFLAGS).u.i = RD_KAFKA_MSG_F_COPY;
    if (record.partition) add(RD_KAFKA_VTYPE_PARTITION).u.i32 = *record.partition;
    if (record.key) add(RD_KAFKA_VTYPE_KEY).u.mem = {record.key->data(), record.key->size()};
    if (record.value) add(RD_KAFKA_VTYPE_VALUE).u.mem = {record.value->data(), record.value->size()};
    if (record.timestamp_ms) add(RD_KAFKA_VTYPE_TIMESTAMP).u.i64 = *record.timestamp_ms;
    if (headers != nullptr) add(RD_KAFKA_VTYPE_HEADERS).u.headers = headers;
    add(RD_KAFKA_VTYPE_OPAQUE).u.ptr = opaque;
  }

  const rd_kafka_vu_t* data() const { return arguments_.data(); }
  size_t size() const { return size_; }

 private:
  rd_kafka_vu_t& add(rd_kafka_vtype_t type) {
    arguments_[size_].vtype = type;
    return arguments_[size_++];
  }

  std::array<rd_kafka_vu_t, 8> arguments_{};
  size_t size_ = 0;
};

class RdKafkaProducer : public Producer {
 public:
  Result<void> connect(const ClientConfig& config);
  ~RdKafkaProducer() override;

  Result<void> send(Record record, DeliveryCallback on_delivery) override;
  void poll(std::chrono::milliseconds timeout) override { rd_kafka_poll(client_->get(), to_timeout_ms(timeout)); }
  Result<void> flush(std::chrono::milliseconds timeout) override;

 private:
  rd_kafka_topic_t* topic(const std::string& name);
  static void on_delivery_report(rd_kafka_t* client, const rd_kafka_message_t* message, void* opaque);
  Result<RecordMetadata> delivered(const rd_kafka_message_t& message);
  Error undelivered(Error reason) const;
  Error too_large(const Record& record) const;

  std::unique_ptr<ClientHandle> client_;
  Mutex topics_mutex_;
  std::map<std::string, TopicPtr> topics_ GUARDED_BY(topics_mutex_);  // of all that was sent
};

Result<void> RdKafkaProducer::connect(const ClientConfig& config) {
  auto client = ClientHandle::open(
      config, {.role = ClientHandle::Role::kProducer,
               .defaults = kDefaults,
               .add_callbacks = [](rd_kafka_conf_t* conf) { rd_kafka_conf_set_dr_msg_cb(conf, on_delivery_report); },
               .owner = this});
  if (!client) return fail(std::move(client.error()));
  client_ = std::move(*client);
  return {};
}

RdKafkaProducer::~RdKafkaProducer() {
  if (!client_) return;
  rd_kafka_purge(client_->get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  rd_kafka_flush(client_->get(), 1000);  // nothing is sent any more: this only serves the callbacks
}

// A topic that is first named by a record is not asked for: a client that was connected by then waits a second for
// librdkafka's round over unknown topics. One that is made here is asked for at once.
rd_kafka_topic_t* RdKafkaProducer::topic(const std::string& name) {
  const MutexLock lock(topics_mutex_);
  TopicPtr& topic = topics_[name];
  if (topic == nullptr) topic.reset(rd_kafka_topic_new(client_->get(), name.c_str(), nullptr));
  return topic.get();
}

Result<void> RdKafkaProducer::send(Record record, DeliveryCallback on_delivery) {
  std::unique_ptr<DeliveryCallback> callback;
  if (on_delivery) callback = std::make_unique<DeliveryCallback>(std::move(on_delivery));
  HeadersPtr headers = record.headers.empty() ? nullptr : make_headers(record.headers);
  rd_kafka_topic_t* const to = topic(record.topic);
  if (to == nullptr) return fail(broker_error(rd_kafka_last_error(), "").within("topic " + record.topic));
  const Clock::time_point started = Clock::now();
  for (;;) {
    if (auto fatal = client_->fatal_error()) return fail(std::move(*fatal));
    const ProduceArguments arguments(to, record, headers.get(), callback.get());
    rd_kafka_error_t* error = rd_kafka_produceva(client_->get(), arguments.data(), arguments.size());
    const rd_kafka_resp_err_t code = rd_kafka_error_code(error);
    const std::string words = error == nullptr ? "" : rd_kafka_error_string(error);
    rd_kafka_error_destroy(error);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
      static_cast<void>(headers.release());   // librdkafka's now
      static_cast<void>(callback.release());  // comes back in on_delivery_report()
      return {};
    }
    if (code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) return fail(too_large(record).within("topic " + record.topic));
    if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) return fail(broker_error(code, words).within("topic " + record.topic));
    rd_kafka_poll(client_->get(), to_timeout_ms(kWaitSlice));
    if (auto reason = client_->reason_to_give_up(started)) return fail(undelivered(std::move(*reason)));
  }
}

Result<void> RdKafkaProducer::flush(std::chrono::milliseconds timeout) {
  const Clock::time_point started = Clock::now();
  for (;;) {
    const auto left = time_left(started + timeout);
    const bool is_done =
        rd_kafka_flush(client_->get(), to_timeout_ms(std::min(left, kWaitSlice))) == RD_KAFKA_RESP_ERR_NO_ERROR;
    if (auto fatal = client_->fatal_error()) return fail(undelivered(std::move(*fatal)));
    if (is_done) return {};
    if (auto reason = client_->reason_to_give_up(started)) return fail(undelivered(std::move(*reason)));
    if (left.count() == 0) {
      Error reason = client_->no_answer(timeout);
      reason.code = ErrorCode::kTimeout;
      return fail(undelivered(std::move(reason)));
    }
  }
}

void RdKafkaProducer::on_delivery_report(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  auto* producer = static_cast<RdKafkaProducer*>(static_cast<ClientHandle*>(opaque)->owner());
  const std::unique_ptr<DeliveryCallback> callback(static_cast<DeliveryCallback*>(message->_private));
  const Result<RecordMetadata> result = producer->delivered(*message);
  if (callback) (*callback)(result);
}

Result<RecordMetadata> RdKafkaProducer::delivered(const rd_kafka_message_t& message) {
  const std::string topic = rd_kafka_topic_name(message.rkt);
  switch (message.err) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
      client_->note_answer();
      return RecordMetadata{topic, message.partition, message.offset};
    case RD_KAFKA_RESP_ERR__FATAL:
    case RD_KAFKA_RESP_ERR__PURGE_QUEUE:
    case RD_KAFKA_RESP_ERR__PURGE_INFLIGHT:
      if (auto fatal = client_->fatal_error()) return fail(std::move(*fatal).within("topic " + topic));
      return fail(ErrorCode::kCancelled,
                  fmt::format("topic {}: the record was dropped before it was delivered", topic));
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
      return fail(ErrorCode::kNotFound, fmt::format("there is no topic {}", topic));
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
      return fail(ErrorCode::kNotFound, fmt::format("topic {} has no partition {}", topic, message.partition));
    case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
      return fail(
          ErrorCode::kTimeout,
          fmt::format("topic {}: not delivered within delivery.timeout.ms; the brokers were away or too slow", topic));
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("topic {}: {}: the brokers refuse a record of {} bytes: raise the topic's "
                              "max.message.bytes, or its default, the brokers' message.max.bytes",
                              topic, name_of(message.err), message.len + message.key_len));
    default:
      const char* words = rd_kafka_message_produce_errstr(&message);  // scripts/librdkafka.patch keeps them alive
      return fail(broker_error(message.err, words == nullptr ? "" : words).within("topic " + topic));
  }
}

// The client itself refuses it: it was not sent.
Error RdKafkaProducer::too_large(const Record& record) const {
  constexpr const char* kLimit = "message.max.bytes";
  std::array<char, 32> limit{};
  size_t size = limit.size();
  (void)rd_kafka_conf_get(rd_kafka_conf(client_->get()), kLimit, limit.data(), &size);
  const size_t bytes = (record.key ? record.key->size() : 0) + (record.value ? record.value->size() : 0);
  return {
      ErrorCode::kInvalidArgument,
      fmt::format("a record of {} bytes is more than this client sends ({}={}): give a greater -X {}=BYTES, and the "
                  "topic a max.message.bytes that lets it in",
                  bytes, kLimit, limit.data(), kLimit),
      std::nullopt};
}

Error RdKafkaProducer::undelivered(Error reason) const {
  const int count = rd_kafka_outq_len(client_->get());
  reason.message =
      fmt::format("{} {} not delivered: {}", count, count == 1 ? "record is" : "records are", reason.message);
  return reason;
}

}  // namespace

Result<std::unique_ptr<Producer>> Producer::open(const ClientConfig& config) {
  auto producer = std::make_unique<RdKafkaProducer>();
  if (auto connected = producer->connect(config); !connected) return fail(std::move(connected.error()));
  return producer;
}

}  // namespace omashu::kafka
