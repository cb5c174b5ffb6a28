// A batch of a table's records and what the table keeps of them: what the threads of list, count, get and watch hand to
// each other.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ordered_workers.h"
#include "kafka/message_batch.h"
#include "table/aggregation.h"
#include "table/filter.h"
#include "table/row.h"
#include "table/typed_topic.h"

namespace omashu::cli {

// What is kept of each record.
struct TableView {
  std::optional<std::string> key = {};              // only records of this logical key
  const table::Filter* filter = nullptr;            // bound; which rows are a match
  const table::Aggregation* aggregation = nullptr;  // of a match only its contribution, in place of its value
  bool keeps_others = false;                        // the values of rows that are no match too
};

class TableJob : public OrderedWorkers::Job {
 public:
  // Both must outlive it.
  TableJob(table::TypedTopic& topic, const TableView& view) : topic_(topic), view_(view) {}

  kafka::MessageBatch batch;

  void run() override;

  // The records for the table, in the order of the batch. Views into this job.
  template <class Visit>
  void for_each_record(const Visit& visit) const;

  // Of the messages that were left out, by their index. An error that is not kCorrupt ended the batch.
  const std::vector<std::pair<size_t, Error>>& errors() const { return errors_; }

 private:
  struct Kept {
    size_t message;
    size_t key_end;    // in bytes_: the key starts where the one before ended
    size_t value_end;  // the value starts where the key ends
  };

  Result<bool> add(const kafka::Message& message);
  Result<void> add_value(const kafka::Message& message);

  table::TypedTopic& topic_;
  const TableView& view_;
  std::string bytes_;  // keys and StoredValues
  std::vector<Kept> kept_;
  std::vector<std::pair<size_t, Error>> errors_;
  table::PartReader::Scratch key_scratch_, value_scratch_;
  std::string contribution_;
};

template <class Visit>
void TableJob::for_each_record(const Visit& visit) const {
  const std::string_view bytes = bytes_;
  size_t start = 0;
  for (const Kept& kept : kept_) {
    const kafka::Message& message = batch.messages()[kept.message];
    table::Record record{.key_bytes = *message.key,
                         .key = bytes.substr(start, kept.key_end - start),
                         .value = std::nullopt,
                         .position = {message.partition, message.offset},
                         .timestamp_ms = message.timestamp_ms};
    if (message.value) record.value = bytes.substr(kept.key_end, kept.value_end - kept.key_end);
    visit(record);
    start = kept.value_end;
  }
}

}  // namespace omashu::cli
