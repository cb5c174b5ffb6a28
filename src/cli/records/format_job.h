// A batch of records and the text that is printed for it: what the threads of `consume` hand to each other.

#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/ordered_workers.h"
#include "cli/records/record_formatter.h"
#include "kafka/message_batch.h"

namespace omashu::cli {

class FormatJob : public OrderedWorkers::Job {
 public:
  // `stops_at_error`: what comes behind a record that cannot be printed is not looked at.
  FormatJob(RecordFormatter& formatter, bool stops_at_error) : formatter_(formatter), stops_at_error_(stops_at_error) {}

  kafka::MessageBatch batch;

  void run() override;

  const std::string& text() const { return text_; }
  // Where the text of each message ends, of as many as were looked at. It starts where the one before ended, and is
  // empty where nothing is printed.
  const std::vector<size_t>& text_ends() const { return text_ends_; }
  // Of the messages that cannot be printed, or not whole, by their index.
  const std::vector<std::pair<size_t, Error>>& errors() const { return errors_; }

 private:
  RecordFormatter& formatter_;
  bool stops_at_error_;
  std::string text_;
  std::vector<size_t> text_ends_;
  std::vector<std::pair<size_t, Error>> errors_;
};

}  // namespace omashu::cli
