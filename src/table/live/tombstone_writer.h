// Deletes from the topic what a table hides since its ttl is over, where that is asked for.
//
// Kafka has no conditional write: a record that somebody else writes between the look at the row and the tombstone is
// deleted with it. Who keeps writing a key should not give it a ttl that deletes.

#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "kafka/producer.h"
#include "table/live/live_table.h"
#include "table/live/row_changes.h"

namespace omashu::table {

// One thread.
class TombstoneWriter {
 public:
  using OpenProducer = std::function<Result<std::unique_ptr<kafka::Producer>>()>;
  explicit TombstoneWriter(OpenProducer open) : open_(std::move(open)) {}

  // Of the rows that are still hidden, and none that came meanwhile. Waits until they are acknowledged.
  Result<void> write(const LiveTable& table, std::span<const HiddenRow> rows);

 private:
  const OpenProducer open_;
  std::unique_ptr<kafka::Producer> producer_;  // once it was needed
};

}  // namespace omashu::table
