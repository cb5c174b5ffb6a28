// Reads records, prints them, and commits what was printed, until one of the ends that were asked for.

#pragma once

#include <cstdint>
#include <string>

#include "cli/command.h"
#include "cli/consume_options.h"
#include "cli/group_progress.h"
#include "cli/record_printer.h"
#include "kafka/consumer.h"

namespace omashu::cli {

class ConsumeLoop {
 public:
  // All must outlive it.
  ConsumeLoop(Context& context, const ConsumeOptions& options, kafka::Consumer& consumer, RecordDecoder& decoder);

  ConsumeLoop(const ConsumeLoop&) = delete;  // the consumer's listener holds its address
  ConsumeLoop& operator=(const ConsumeLoop&) = delete;

  // Joins the options' group.
  Result<void> subscribe();

  Result<void> read_all();

  // Flushes what was printed and commits it; then leaves the group.
  Result<void> finish();

  int64_t printed() const { return printed_; }

 private:
  Result<void> flush_and_commit();
  Result<void> print(const kafka::Message& message);

  Context& context_;
  const ConsumeOptions& options_;
  kafka::Consumer& consumer_;
  RecordDecoder& decoder_;
  GroupProgress progress_;
  int64_t printed_ = 0;
  std::string text_;
};

}  // namespace omashu::cli
