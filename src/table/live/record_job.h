// A batch of records of several tables, decoded: what the threads of a reader hand to each other.

#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ordered_workers.h"
#include "kafka/consumer.h"
#include "kafka/message_batch.h"
#include "serde/wire_format.h"
#include "table/live/live_table.h"
#include "table/live/table_schema.h"

namespace omashu::table {

// What a record says of the schemas that it was written with.
struct RecordSchemas {
  std::optional<serde::SchemaKey> key, value;

  bool operator==(const RecordSchemas&) const = default;
};

// Where a job finds how the records of a topic are read. Called from several threads.
class SchemaSource {
 public:
  virtual ~SchemaSource() = default;

  // Of the tables of the reader, by their number; nothing for another topic.
  virtual std::optional<size_t> table_of(std::string_view topic) const = 0;
  // What the table's records are read with. Where a record was written with a schema that was not met before, the
  // registry is asked whether the topic has newer ones.
  virtual Result<std::shared_ptr<const TableSchema>> schema_for(size_t table, const RecordSchemas& written) = 0;
};

class RecordJob : public OrderedWorkers::Job {
 public:
  // The source outlives the job.
  explicit RecordJob(SchemaSource& source) : source_(source) {}

  kafka::MessageBatch batch;

  void run() override;

  // Of one table, in the order of the batch.
  struct TableRecords {
    std::vector<DecodedRecord> slots;  // beyond `size`: memory for more
    size_t size = 0;
    std::vector<UnreadableRecord> unreadable;
    std::vector<uint32_t> by_key;  // the records' numbers in the order of their keys

    std::span<const DecodedRecord> records() const { return {slots.data(), size}; }
    void sort();
  };
  std::vector<TableRecords>& tables() { return tables_; }

  // Why the batch could not be decoded as a whole (the registry is away): it can be run again.
  const std::optional<Error>& failure() const { return failure_; }

  // Takes what the consumer has into `batch`; waits for a first record.
  Result<void> read(kafka::Consumer& consumer, size_t max_records, std::chrono::milliseconds wait);
  size_t bytes() const { return bytes_; }  // of the batch's keys and values
  // Of the partitions of the batch, as their leaders told then.
  const std::map<kafka::TopicPartition, kafka::Offset>& high_watermarks() const { return high_watermarks_; }

  // Whether so much has gone through it that it may hold much memory: each of its places is as large as the largest
  // record that it ever had.
  bool is_worn() const { return carried_bytes_ > kMaxCarriedBytes; }

 private:
  static constexpr size_t kMaxCarriedBytes = size_t{8} << 20;

  void note_batch(kafka::Consumer& consumer);
  Result<void> add(const kafka::Message& message);

  SchemaSource& source_;
  std::vector<TableRecords> tables_;
  TableSchema::Scratch scratch_;

  // Of the record before, which the next one is mostly like.
  std::optional<size_t> last_table_;
  RecordSchemas last_written_;
  std::shared_ptr<const TableSchema> last_schema_;

  std::optional<Error> failure_;
  size_t bytes_ = 0, carried_bytes_ = 0;
  std::map<kafka::TopicPartition, kafka::Offset> high_watermarks_;
};

}  // namespace omashu::table
