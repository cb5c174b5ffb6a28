// Reads records, prints them, and commits what was printed, until one of the ends that were asked for.
//
// The command's thread reads and prints; in between, batches become text on threads of their own. They are printed in
// the order in which they were read, so the order of each partition is kept. An end that comes while batches are under
// way (a stop, an error, the last of --max-messages) leaves them unprinted and therefore uncommitted.

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/ordered_workers.h"
#include "cli/command.h"
#include "cli/problem_report.h"
#include "cli/records/format_job.h"
#include "cli/records/group_progress.h"
#include "cli/records/read_ends.h"
#include "cli/records/record_formatter.h"
#include "cli/records/record_sink.h"
#include "kafka/consumer.h"

namespace omashu::cli {

struct ConsumeLimits {
  std::optional<int64_t> max_messages = {};
  std::optional<std::chrono::milliseconds> idle_timeout = {};  // ends when no record came for so long
  bool is_skipping = false;                                    // goes on after a record that cannot be printed
  bool is_committing = false;                                  // as a member of a group
  bool counts_what_it_read = false;                            // max_messages counts what was not printed, too
  bool is_to_group_end = false;                                // ends where every partition of the member is at its end
  std::string waiting_note = "";  // said once, where nothing was printed yet and nothing comes; "": nothing is
};

class ConsumeLoop {
 public:
  // All must outlive it.
  ConsumeLoop(Context& context, kafka::Consumer& consumer, RecordFormatter& formatter, const ConsumeLimits& limits);

  ConsumeLoop(const ConsumeLoop&) = delete;  // the consumer's listener holds its address
  ConsumeLoop& operator=(const ConsumeLoop&) = delete;

  // Joins the consumer's group. Without this, the consumer reads what it was assigned.
  Result<void> subscribe(std::span<const std::string> topics);

  // Ends once these are reached.
  void read_until(ReadEnds ends) { ends_ = std::move(ends); }
  // Instead of printing texts one after the other. It must outlive the loop.
  void print_to(RecordSink& sink) { sink_ = &sink; }

  Result<void> read_all();

  // Flushes what was printed and commits it; then leaves the group.
  Result<void> finish();

  int64_t printed() const { return printed_; }
  int64_t flawed() const { return flawed_; }        // of those that were printed
  int64_t processed() const { return processed_; }  // what was not printed included

 private:
  bool is_done() const;
  bool is_at_end() const;
  void note_ends(const kafka::MessageBatch& batch);
  void say_what_it_waits_for(std::chrono::steady_clock::duration waited);
  int64_t counted() const { return limits_.counts_what_it_read ? processed_ : printed_; }  // for max_messages
  Result<void> flush_and_commit();

  std::unique_ptr<FormatJob> make_job();
  // Gives what is there to the workers; false where nothing was there within `timeout`.
  Result<bool> read_batch(std::chrono::milliseconds timeout);
  // Prints the batches that are text by now. With `waits` at least one, if any is under way.
  Result<void> print_batches(bool waits);
  Result<void> print_all_batches();
  Result<void> print(const FormatJob& job);
  Result<void> tell_flaw(const Error& flaw, bool is_printed);

  Context& context_;
  kafka::Consumer& consumer_;
  RecordFormatter& formatter_;
  const ConsumeLimits& limits_;
  std::optional<ReadEnds> ends_;
  GroupEnds group_ends_;
  RecordSink* sink_ = nullptr;
  bool has_said_what_it_waits_for_ = false;
  ProblemReport problems_;
  GroupProgress progress_;
  size_t read_ = 0;
  int64_t printed_ = 0;
  int64_t flawed_ = 0;
  int64_t processed_ = 0;
  std::vector<std::unique_ptr<FormatJob>> free_jobs_;  // their memory is used again
  OrderedWorkers workers_;
};

}  // namespace omashu::cli
