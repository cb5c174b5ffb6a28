#include "kafka/client_handle.h"

#include <fmt/core.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <limits>
#include <string_view>

#include "kafka/error_codes.h"
#include "kafka/librdkafka_conf.h"

namespace omashu::kafka {
namespace {

constexpr std::pair<const char*, const char*> kCommonDefaults[] = {
    {"client.id", "omashu"},
    // A broker that comes back is found within a second; librdkafka's own default is ten.
    {"reconnect.backoff.max.ms", "1000"},
    // Topics are made on purpose, with their schemas, never by a misspelt name.
    {"allow.auto.create.topics", "false"},
    {"enable.metrics.push", "false"},
};

std::string last_value(const ClientConfig& config, std::initializer_list<std::string_view> names) {
  std::string found;
  for (const auto& [name, value] : config.properties) {
    if (std::ranges::find(names, name) != names.end()) found = value;
  }
  return found;
}

// Which of librdkafka's errors about brokers this is; nothing where it is none.
std::optional<BrokerFailures::Kind> failure_kind(int code, std::string_view words) {
  switch (code) {
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN: return BrokerFailures::Kind::kAllDown;
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR__TRANSPORT: return BrokerFailures::Kind::kConnection;
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
      // A broker that goes down in the middle of a login has refused nothing.
      return words.contains(": Disconnected") ? BrokerFailures::Kind::kConnection : BrokerFailures::Kind::kRefusal;
    case RD_KAFKA_RESP_ERR__SSL:
      // Of an established connection it only means that it was cut.
      return words.contains("handshake") || words.contains("certificate") ? BrokerFailures::Kind::kRefusal
                                                                          : BrokerFailures::Kind::kConnection;
    default: return std::nullopt;
  }
}

}  // namespace

int to_timeout_ms(std::chrono::milliseconds timeout) {
  // -1 would mean "for ever".
  return static_cast<int>(std::clamp<int64_t>(timeout.count(), 0, 3'600'000));
}

std::chrono::milliseconds time_left(Clock::time_point deadline) {
  return std::max(std::chrono::milliseconds(0), std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()));
}

Result<std::unique_ptr<ClientHandle>> ClientHandle::open(const ClientConfig& config, const Setup& setup) {
  const std::string servers = last_value(config, {"bootstrap.servers", "metadata.broker.list"});
  if (servers.empty()) {
    return fail(ErrorCode::kInvalidArgument, "bootstrap.servers is not set: name the brokers, HOST:PORT,…");
  }
  ConfPtr conf = make_conf();
  const bool wants_logs = !last_value(config, {"debug"}).empty();
  if (!wants_logs) rd_kafka_conf_set_log_cb(conf.get(), nullptr);

  for (const auto& defaults : {std::span<const std::pair<const char*, const char*>>(kCommonDefaults), setup.defaults}) {
    for (const auto& [name, value] : defaults) {
      if (auto set = set_property(*conf, name, value); !set) return fail(std::move(set.error()));
    }
  }
  for (const auto& [name, value] : config.properties) {
    if (auto set = set_property(*conf, name, value); !set) return fail(std::move(set.error()));
  }

  std::unique_ptr<ClientHandle> handle(new ClientHandle(
      servers, last_value(config, {"sasl.mechanism", "sasl.mechanisms"}), config.give_up_after, setup.owner));
  rd_kafka_conf_set_opaque(conf.get(), handle.get());
  rd_kafka_conf_set_error_cb(conf.get(), &ClientHandle::on_error);
  if (setup.add_callbacks) setup.add_callbacks(conf.get());

  char words[512] = "";
  const rd_kafka_type_t type = setup.role == Role::kProducer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER;
  handle->client_ = rd_kafka_new(type, conf.get(), words, sizeof(words));
  if (handle->client_ == nullptr) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("the client properties do not go together: {}", words));
  }
  static_cast<void>(conf.release());  // rd_kafka_new() took it
  return handle;
}

ClientHandle::~ClientHandle() {
  if (client_ != nullptr) rd_kafka_destroy(client_);
}

std::optional<Error> ClientHandle::reason_to_give_up(Clock::time_point waiting_since) {
  if (auto refusal = failures_.take_refusal()) return refusal;
  const Clock::time_point now = Clock::now();
  if (!failures_.is_hopeless(waiting_since, now)) return std::nullopt;
  return failures_.no_answer(std::chrono::duration_cast<std::chrono::milliseconds>(now - waiting_since));
}

// A consumer looks for its coordinator before it knows of any broker, and then again only after a second: unless
// somebody else has a question.
bool ClientHandle::ask_for_a_connection(std::chrono::milliseconds timeout) {
  const rd_kafka_metadata_t* answer = nullptr;
  if (rd_kafka_metadata(client_, 0, nullptr, &answer, to_timeout_ms(timeout)) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return false;
  rd_kafka_metadata_destroy(answer);
  return true;
}

std::optional<Error> ClientHandle::outage() {
  auto outage = failures_.outage();
  if (!outage) return std::nullopt;
  if (!ask_for_a_connection(std::chrono::milliseconds(100))) return outage;
  failures_.note_answer();
  return std::nullopt;
}

Result<void> ClientHandle::wait_for_broker(Clock::time_point deadline) {
  const Clock::time_point started = Clock::now();
  for (;;) {
    const auto left = time_left(deadline);
    (void)ask_for_a_connection(std::chrono::milliseconds(1));
    // The cluster's id comes with the first metadata.
    char* cluster_id = rd_kafka_clusterid(client_, to_timeout_ms(std::min(left, kWaitSlice)));
    if (cluster_id != nullptr) {
      rd_kafka_mem_free(client_, cluster_id);
      return {};
    }
    rd_kafka_poll(client_, 0);
    if (auto reason = reason_to_give_up(started)) return fail(std::move(*reason));
    if (left.count() == 0) {
      return fail(no_answer(std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started)));
    }
  }
}

std::optional<Error> ClientHandle::fatal_error() const {
  const MutexLock lock(mutex_);
  return fatal_error_;
}

void ClientHandle::on_error(rd_kafka_s*, int code, const char* words, void* opaque) {
  static_cast<ClientHandle*>(opaque)->note_error(code, words);
}

void ClientHandle::note_error(int code, const char* words) {
  if (code == RD_KAFKA_RESP_ERR__FATAL) {
    char cause[512] = "";
    const rd_kafka_resp_err_t fatal_code = rd_kafka_fatal_error(client_, cause, sizeof(cause));
    const MutexLock lock(mutex_);
    if (!fatal_error_) fatal_error_ = broker_error(fatal_code, cause);
  } else if (const auto kind = failure_kind(code, words)) {
    failures_.note(*kind, words, Clock::now());
  }
}

}  // namespace omashu::kafka
