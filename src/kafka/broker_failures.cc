#include "kafka/broker_failures.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

namespace omashu::kafka {
namespace {

struct Failure {
  std::string address;  // "HOST:PORT"; empty where the text names none
  std::string reason;
};

// Takes librdkafka's text apart. A name is "[PROTOCOL://]HOST:PORT/ID", before it may stand "GroupCoordinator: ".
Failure parse_failure(std::string_view text) {
  Failure failure;
  size_t name_end = text.find(": ");
  while (name_end != std::string_view::npos) {
    std::string_view name = text.substr(0, name_end);
    text.remove_prefix(name_end + 2);
    if (const size_t protocol = name.find("://"); protocol != std::string_view::npos) name.remove_prefix(protocol + 3);
    if (const size_t slash = name.find('/'); slash != std::string_view::npos) {
      failure.address = name.substr(0, slash);
      break;
    }
    if (name != "GroupCoordinator") {
      failure.reason = fmt::format("{}: ", name);
      break;
    }
    name_end = text.find(": ");
  }
  failure.reason += text.substr(0, text.rfind(" (after "));
  return failure;
}

// librdkafka's words, in a user's.
std::string plain_reason(std::string_view reason) {
  const auto after = [reason](std::string_view marker) { return reason.substr(reason.find(marker) + marker.size()); };
  if (reason.starts_with("Connect to ") && reason.contains(" failed: ")) {
    std::string words(after(" failed: "));
    if (!words.empty()) words[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(words[0])));
    return words;
  }
  if (reason.starts_with("Failed to resolve ")) {
    return fmt::format("the host name does not resolve ({})", after("': "));
  }
  if (reason.contains("verify security.protocol") || reason.contains("verify that security.protocol") ||
      reason.contains("might be caused by incorrect security.protocol")) {
    return "it closes the connection: does its listener want SSL or SASL (security.protocol)?";
  }
  if (reason.contains("connecting to a PLAINTEXT broker listener")) {
    return "it does not speak TLS: is its listener a PLAINTEXT one (security.protocol)?";
  }
  if (reason.contains("Invalid response size")) {
    return "what answers there does not speak Kafka's protocol: is the port right?";
  }
  return std::string(reason);
}

}  // namespace

void BrokerFailures::note(Kind kind, std::string_view text, Clock::time_point now) {
  const MutexLock lock(mutex_);
  if (kind == Kind::kAllDown) {
    if (!all_down_since_) all_down_since_ = now;
    return;
  }
  Failure failure = parse_failure(text);
  if (kind == Kind::kRefusal) refusal_ = refusal(failure.address, failure.reason);
  reasons_[failure.address] = plain_reason(failure.reason);
}

void BrokerFailures::note_answer() {
  const MutexLock lock(mutex_);
  reasons_.clear();
  refusal_.reset();
  all_down_since_.reset();
  has_answered_ = true;
}

std::optional<Error> BrokerFailures::take_refusal() {
  const MutexLock lock(mutex_);
  return std::exchange(refusal_, std::nullopt);
}

bool BrokerFailures::is_hopeless(Clock::time_point waiting_since, Clock::time_point now) const {
  const MutexLock lock(mutex_);
  return !has_answered_ && all_down_since_ && now - std::max(*all_down_since_, waiting_since) >= give_up_after_;
}

// Each reason with the brokers that gave it, or the reason alone where they agree.
std::string BrokerFailures::reasons() const {
  std::set<std::string_view> distinct;
  for (const auto& [address, reason] : reasons_) distinct.insert(reason);
  std::string reasons;
  for (const auto& [address, reason] : reasons_) {
    if (distinct.size() == 1) return reason;
    reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", address, reason);
  }
  return reasons;
}

std::optional<Error> BrokerFailures::outage() const {
  const MutexLock lock(mutex_);
  if (!all_down_since_) return std::nullopt;
  const std::string why = reasons();
  return Error{ErrorCode::kUnavailable,
               fmt::format("no broker at {} answers{}{}", servers_, why.empty() ? "" : ": ", why), std::nullopt};
}

Error BrokerFailures::no_answer(std::chrono::milliseconds waited) const {
  const MutexLock lock(mutex_);
  std::string reasons = this->reasons();
  const double seconds = static_cast<double>(waited.count()) / 1000.0;
  if (reasons.empty() && has_answered_) {
    return {ErrorCode::kUnavailable, fmt::format("the brokers at {} did not answer within {:.3g} s", servers_, seconds),
            std::nullopt};
  }
  if (reasons.empty()) reasons = "the connection was neither taken nor refused";
  // A reason that asks already knows better than to ask whether Kafka runs.
  const std::string_view advice =
      reasons.ends_with('?') ? "" : "; is Kafka running there, or is --bootstrap-server wrong?";
  return {ErrorCode::kUnavailable,
          fmt::format("no broker at {} answered within {:.3g} s: {}{}", servers_, seconds, reasons, advice),
          std::nullopt};
}

Error BrokerFailures::refusal(std::string_view address, std::string_view reason) const {
  const std::string_view where = address.empty() ? std::string_view(servers_) : address;
  const auto error = [](std::string message) {
    return Error{ErrorCode::kUnauthorized, std::move(message), std::nullopt};
  };
  if (reason.contains("certificate")) {
    if (reason.contains("self-signed") || reason.contains("could not be verified") || reason.contains("issuer")) {
      return error(
          fmt::format("the certificate of the broker at {} is not signed by an authority that is trusted here; "
                      "name its CA with ssl.ca.location",
                      where));
    }
    if (reason.contains("required")) {
      return error(
          fmt::format("the broker at {} wants a client's certificate; "
                      "give ssl.certificate.location and ssl.key.location",
                      where));
    }
    return error(fmt::format("the broker at {} and this client do not trust each other: {}", where, reason));
  }
  if (reason.starts_with("SSL ")) return error(fmt::format("no TLS with the broker at {}: {}", where, reason));

  if (reason.contains("Request not valid in current SASL state")) {
    return error(fmt::format("the broker at {} asks for no login on this listener; check security.protocol", where));
  }

  std::string_view cause = reason;
  for (std::string_view prefix : {"SASL authentication error: ", "SASL authentication failure: "}) {
    if (cause.starts_with(prefix)) cause.remove_prefix(prefix.size());
  }
  return error(
      fmt::format("the broker at {} refused the {} login: {}; check sasl.mechanism, {}", where, mechanism_, cause,
                  mechanism_ == "OAUTHBEARER" ? "the token and its endpoint" : "sasl.username and sasl.password"));
}

}  // namespace omashu::kafka
