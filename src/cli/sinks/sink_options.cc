#include "cli/sinks/sink_options.h"

#include <fmt/core.h>

#include "base/duration.h"
#include "cli/option_parser.h"
#include "net/listen_address.h"
#include "serde/payload_format.h"

namespace omashu::cli {

namespace {

std::unexpected<Error> refuse(std::string message) { return fail(ErrorCode::kInvalidArgument, std::move(message)); }

// "1m,10m"
Result<std::vector<std::chrono::milliseconds>> parse_delays(std::string_view text) {
  constexpr size_t kMaxDelays = 10;
  std::vector<std::chrono::milliseconds> delays;
  while (!text.empty()) {
    const size_t comma = text.find(',');
    auto delay = parse_duration(text.substr(0, comma));
    if (!delay) return fail(std::move(delay.error()));
    if (*delay <= std::chrono::milliseconds(0) || (!delays.empty() && *delay <= delays.back())) {
      return refuse("delays grow from one to the next, such as 1m,10m");
    }
    delays.push_back(*delay);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  if (delays.empty() || delays.size() > kMaxDelays) return refuse("write 1 to 10 delays, such as 1m,10m");
  return delays;
}

Result<void> check_at_least(std::string_view option, int64_t value, int64_t least, int64_t most) {
  if (value >= least && value <= most) return {};
  return refuse(fmt::format("{} is {} to {}", option, least, most));
}

}  // namespace

void SinkOptions::declare(OptionParser& options) {
  options.heading("What is read");
  options.arguments("TOPIC", topics_, "the topics");
  options.option("--group", "GROUP", group_,
                 "the consumer group: sinks of one group share the partitions (default omashu-sink-NAME)");
  options.flag("--from-beginning", is_from_beginning_,
               "where neither the sink nor the group has a position, start with the first record (default)");
  options.flag("--from-end", is_from_end_, "there, start with what comes next");
  options.choice("--key-format", "FORMAT", key_format_, serde::payload_format_names(),
                 "what keys are: auto (default) is Avro where they carry a schema's id, else text or bytes");
  options.choice("--value-format", "FORMAT", value_format_, serde::payload_format_names(), "the same for values");
  options.heading("What cannot be written");
  options.option("--dead-letters", "TOPIC", dead_letters_,
                 "set records aside there that do not decode or that the sink refuses, with the reason in headers; "
                 "without it such a record stops the sink");
  options.option("--retry", "TIME[,TIME]", retry_,
                 "before that, have a refused record wait in the topics TOPIC.retry.TIME and try it again");
  declare_batches(options);
}

void SinkOptions::declare_batches(OptionParser& options) {
  options.heading("Batches");
  options.option("--batch-records", "N", batch_records_, "records of a batch at most (default 3000)");
  options.option("--batch-bytes", "BYTES", batch_bytes_, "bytes of a batch at most (default 4194304)");
  options.option("--batch-wait", "TIME", batch_wait_,
                 "how long a record waits for others of its batch at most (default 100ms)");
  options.option("--max-bytes", "BYTES", max_bytes_,
                 "bytes of records that were read and are not written yet; reading pauses beyond it (default "
                 "33554432)");
  options.option("--grace", "TIME", grace_,
                 "after SIGTERM, how long the batch under way may take (default 10s); it is read again where it does "
                 "not end");
}

Result<void> SinkOptions::check() {
  if (is_from_beginning_ && is_from_end_) return refuse("--from-beginning and --from-end exclude each other");
  if (auto checked = check_at_least("--batch-records", batch_records_, 1, 1'000'000); !checked) return checked;
  if (auto checked = check_at_least("--batch-bytes", batch_bytes_, 1, int64_t{1} << 30); !checked) return checked;
  if (auto checked = check_at_least("--max-bytes", max_bytes_, 1, int64_t{1} << 36); !checked) return checked;
  if (retry_) {
    auto delays = parse_delays(*retry_);
    if (!delays) return fail(std::move(delays.error()).within("--retry"));
    retry_delays_ = *std::move(delays);
    if (!dead_letters_) return refuse("--retry needs --dead-letters, for what is refused the last time too");
  }
  for (const std::string& topic : topics_) {
    if (topic == dead_letters_) return refuse(fmt::format("{} cannot be read and take the dead letters", topic));
  }
  return {};
}

sink::EngineOptions SinkOptions::engine_options(const std::string& name, const std::string& kind) const {
  sink::EngineOptions options;
  options.name = name;
  options.kind = kind;
  options.topics = topics_;
  options.from_beginning = !is_from_end_;
  options.formats = {*serde::parse_payload_format(key_format_), *serde::parse_payload_format(value_format_)};
  options.dead_letters = dead_letters_;
  options.retry_delays = retry_delays_;
  options.limits.batch_records = static_cast<size_t>(batch_records_);
  options.limits.batch_bytes = static_cast<size_t>(batch_bytes_);
  options.limits.batch_wait = batch_wait_;
  options.limits.max_bytes = static_cast<size_t>(max_bytes_);
  options.grace = grace_;
  return options;
}

void SinkProcessOptions::declare(OptionParser& options) {
  options.heading("The process");
  options.flag("-e,--exit-at-end", exits_at_end, "end once everything is written that is there");
  options.option("--http", "HOST:PORT", http_address, "answer /metrics, /healthz and /readyz there");
  options.flag("--insecure-listen", may_listen_anywhere, "let --http be reached from other machines");
  options.option("--ready-file", "FILE", ready_file, "there while the sinks run: the address of --http");
}

Result<void> SinkProcessOptions::check() const {
  if (!http_address) return {};
  const auto address = net::parse_listen_address(*http_address);
  if (!address) return fail(Error(address.error()).within("--http"));
  if (!address->is_loopback() && !may_listen_anywhere) {
    return refuse(
        fmt::format("--http {}: others can reach it there, and it has no log-ins: give --insecure-listen "
                    "where the network is trusted",
                    *http_address));
  }
  return {};
}

}  // namespace omashu::cli
