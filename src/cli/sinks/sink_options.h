// The options that every sink has.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "omashu/result.h"
#include "sink/engine.h"

namespace omashu::cli {

class OptionParser;

class SinkOptions {
 public:
  // Of one sink: what it reads, and how.
  void declare(OptionParser& options);
  Result<void> check();

  const std::vector<std::string>& topics() const { return topics_; }
  void set_topics(std::vector<std::string> topics) { topics_ = std::move(topics); }
  std::string group(const std::string& name) const { return group_.value_or("omashu-sink-" + name); }
  const std::optional<std::string>& dead_letters() const { return dead_letters_; }

  sink::EngineOptions engine_options(const std::string& name, const std::string& kind) const;

 private:
  void declare_batches(OptionParser& options);

  std::vector<std::string> topics_;
  std::optional<std::string> group_;
  bool is_from_beginning_ = false;
  bool is_from_end_ = false;
  std::string key_format_ = "auto";
  std::string value_format_ = "auto";
  std::optional<std::string> dead_letters_;
  std::optional<std::string> retry_;
  int64_t batch_records_ = 3'000;
  int64_t batch_bytes_ = 4 << 20;
  int64_t max_bytes_ = 32 << 20;
  std::chrono::milliseconds batch_wait_{100};
  std::chrono::milliseconds grace_{10'000};
  std::vector<std::chrono::milliseconds> retry_delays_;
};

// Of the process that runs sinks.
struct SinkProcessOptions {
  std::optional<std::string> http_address;
  bool may_listen_anywhere = false;
  bool exits_at_end = false;
  std::optional<std::string> ready_file;

  void declare(OptionParser& options);
  Result<void> check() const;
};

}  // namespace omashu::cli
