// Reads records, prints them, and commits what was printed, until one of the ends that were asked for.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "cli/command.h"
#include "cli/group_progress.h"
#include "cli/record_formatter.h"
#include "kafka/consumer.h"

namespace omashu::cli {

struct ConsumeLimits {
  std::optional<int64_t> max_messages = {};
  std::optional<std::chrono::milliseconds> idle_timeout = {};  // ends when no record came for so long
  bool is_skipping = false;                                    // goes on after a record that cannot be printed
  bool is_committing = false;                                  // as a member of a group
};

class ConsumeLoop {
 public:
  // All must outlive it.
  ConsumeLoop(Context& context, kafka::Consumer& consumer, RecordFormatter& formatter, const ConsumeLimits& limits);

  ConsumeLoop(const ConsumeLoop&) = delete;  // the consumer's listener holds its address
  ConsumeLoop& operator=(const ConsumeLoop&) = delete;

  // Joins the consumer's group. Without this, the consumer reads what it was assigned.
  Result<void> subscribe(std::span<const std::string> topics);

  Result<void> read_all();

  // Flushes what was printed and commits it; then leaves the group.
  Result<void> finish();

  int64_t printed() const { return printed_; }
  int64_t processed() const { return printed_ + skipped_; }

 private:
  bool is_done() const;
  Result<void> flush_and_commit();
  Result<void> print(const kafka::Message& message);

  Context& context_;
  kafka::Consumer& consumer_;
  RecordFormatter& formatter_;
  const ConsumeLimits& limits_;
  GroupProgress progress_;
  int64_t printed_ = 0;
  int64_t skipped_ = 0;
  std::string text_;
};

}  // namespace omashu::cli
