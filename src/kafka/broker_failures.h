// Why no broker answers: librdkafka retries for ever and says why only in passing. This remembers what it said, and
// turns it into one line. Thread-safe.

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "omashu/result.h"

namespace omashu::kafka {

class BrokerFailures {
 public:
  using Clock = std::chrono::steady_clock;

  enum class Kind : uint8_t {
    kConnection,  // refused, not resolved, cut: may mend itself
    kRefusal,     // the login or the certificate was refused: trying again changes nothing
    kAllDown,     // there is no broker left to try
  };

  // `servers`: bootstrap.servers. `mechanism`: sasl.mechanisms, for the message about a refused login. `give_up_after`:
  // how long brokers that were never there are waited for.
  BrokerFailures(std::string servers, std::string mechanism, std::chrono::milliseconds give_up_after)
      : servers_(std::move(servers)), mechanism_(std::move(mechanism)), give_up_after_(give_up_after) {}

  // `text` as librdkafka words it: "sasl_ssl://HOST:PORT/bootstrap: what failed (after 3ms in state CONNECT)".
  void note(Kind kind, std::string_view text, Clock::time_point now);

  // A broker has answered: what failed until now is over.
  void note_answer();

  // The refusal that came since the last call, if any.
  std::optional<Error> take_refusal();

  // Whether waiting on is pointless: nobody has ever answered, and every broker has been down all the time that the
  // caller waits, for so long that it is none that is only starting again.
  bool is_hopeless(Clock::time_point waiting_since, Clock::time_point now) const;

  // "no broker at HOST:PORT answers: connection refused", from the moment on that every broker is down until one
  // answers.
  std::optional<Error> outage() const;

  // "no broker at HOST:PORT answered within 30 s: connection refused; is Kafka running there, …?"
  Error no_answer(std::chrono::milliseconds waited) const;

 private:
  std::string reasons() const REQUIRES(mutex_);
  Error refusal(std::string_view address, std::string_view reason) const;

  const std::string servers_;
  const std::string mechanism_;
  const std::chrono::milliseconds give_up_after_;

  mutable Mutex mutex_;
  // By address; of the failures since the last answer.
  std::map<std::string, std::string, std::less<>> reasons_ GUARDED_BY(mutex_);
  std::optional<Error> refusal_ GUARDED_BY(mutex_);
  std::optional<Clock::time_point> all_down_since_ GUARDED_BY(mutex_);
  bool has_answered_ GUARDED_BY(mutex_) = false;
};

}  // namespace omashu::kafka
