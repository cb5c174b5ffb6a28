// One librdkafka client: its configuration, its life, and what it said about brokers that do not answer. Private to
// this folder. Thread-safe.

#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/mutex.h"
#include "kafka/broker_failures.h"
#include "kafka/types.h"

struct rd_kafka_s;
struct rd_kafka_conf_s;

namespace omashu::kafka {

using Clock = std::chrono::steady_clock;

// Calls that wait look this often for a refused login, which librdkafka would try again for ever.
constexpr std::chrono::milliseconds kWaitSlice{50};

int to_timeout_ms(std::chrono::milliseconds timeout);  // within what librdkafka takes, never "for ever"

// Never negative.
std::chrono::milliseconds time_left(Clock::time_point deadline);

class ClientHandle {
 public:
  enum class Role : uint8_t { kProducer, kConsumer };

  struct Setup {
    Role role = Role::kProducer;
    // Put before what the caller configures.
    std::span<const std::pair<const char*, const char*>> defaults = {};
    // Sets callbacks. The opaque pointer that they get is the ClientHandle; owner() leads on.
    std::function<void(rd_kafka_conf_s*)> add_callbacks = {};
    void* owner = nullptr;
  };

  static Result<std::unique_ptr<ClientHandle>> open(const ClientConfig& config, const Setup& setup);
  ~ClientHandle();
  ClientHandle(const ClientHandle&) = delete;
  ClientHandle& operator=(const ClientHandle&) = delete;

  rd_kafka_s* get() const { return client_; }
  void* owner() const { return owner_; }

  void note_answer() { failures_.note_answer(); }
  Error no_answer(std::chrono::milliseconds waited) const { return failures_.no_answer(waited); }

  // What makes waiting on pointless: a refused login or certificate (told once), or brokers that were never there.
  std::optional<Error> reason_to_give_up(Clock::time_point waiting_since);

  // Why nobody can be reached; nothing where somebody can. While the brokers are down this asks them anew, for a tenth
  // of a second at the most.
  std::optional<Error> outage();

  // Waits until a broker has answered for the first time. The library's blocking calls, which never say why they wait,
  // come after this one.
  Result<void> wait_for_broker(Clock::time_point deadline);

  // The first error after which this client can do no more.
  std::optional<Error> fatal_error() const;

 private:
  ClientHandle(std::string servers, std::string mechanism, std::chrono::milliseconds give_up_after, void* owner)
      : failures_(std::move(servers), std::move(mechanism), give_up_after), owner_(owner) {}

  bool ask_for_a_connection(std::chrono::milliseconds timeout);  // whether a broker answered
  static void on_error(rd_kafka_s* client, int code, const char* words, void* opaque);
  void note_error(int code, const char* words);

  BrokerFailures failures_;
  void* const owner_;
  rd_kafka_s* client_ = nullptr;

  mutable Mutex mutex_;
  std::optional<Error> fatal_error_ GUARDED_BY(mutex_);
};

}  // namespace omashu::kafka
