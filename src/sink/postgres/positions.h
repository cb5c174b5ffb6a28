// Where a group stands in the partitions of its topics, in a table beside the rows. They move in the transaction that
// writes the rows, so that neither is there without the other.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "sink/postgres/connection.h"
#include "sink/postgres/names.h"
#include "sink/sink.h"

namespace omashu::sink::postgres {

class StoredPositions {
 public:
  // Positions are kept by the group and the table that is written to.
  StoredPositions(const TableName& table, std::string group, std::string target)
      : table_(table.quoted()), group_(std::move(group)), target_(std::move(target)) {}

  // Reads them, after whoever is at work with them has finished; partitions that were never met get a row.
  DatabaseResult<Positions> claim(Connection& connection, std::span<const kafka::TopicPartition> partitions,
                                  const std::stop_token& stop);

  // Within a transaction: locks the rows, and moves them where they are what was last read or written here. kTryAgain
  // where they are not: another member of the group has moved them, and this process is no longer the one to write.
  DatabaseResult<void> move(Connection& connection, const Positions& next, const std::stop_token& stop);

  // The transaction of move() was committed.
  void moved(const Positions& next);

  void forget(std::span<const kafka::TopicPartition> partitions);

 private:
  const std::string table_;
  const std::string group_;
  const std::string target_;
  std::map<kafka::TopicPartition, std::optional<kafka::Offset>> expected_;
};

}  // namespace omashu::sink::postgres
