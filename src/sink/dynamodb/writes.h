// The items of a batch as statements, and what becomes of each. Pure; for one batch.
//
// Requests under way together go to different items, so their order means nothing: of the records of one key in one
// partition the last alone is sent. Where DynamoDB refuses it, the one before it is sent in its place.

#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sink/dynamodb/api.h"
#include "sink/dynamodb/item.h"
#include "sink/dynamodb/statements.h"
#include "sink/sink.h"

namespace omashu::sink::dynamodb {

struct MappedItem {
  size_t index = 0;  // of the record in its batch
  Item item;
};

class Writes : public StatementSource {
 public:
  const std::vector<Rejected>& rejected() const { return rejected_; }
  size_t older() const { return older_; }  // that the guard refused

 protected:
  std::vector<Rejected> rejected_;
  size_t older_ = 0;
};

// The latest record of each key, guarded.
class LatestWrites : public Writes {
 public:
  // With `deletes` a tombstone removes its item.
  LatestWrites(std::string table, const ItemOptions& options, bool deletes, std::vector<MappedItem> items);

  std::optional<std::pair<size_t, Statement>> next() override;
  void on_answer(size_t number, Answer answer) override;

 private:
  const std::string table_;
  const ItemOptions& options_;
  const bool deletes_;
  const std::vector<MappedItem> items_;
  std::vector<std::vector<size_t>> groups_;  // of items of one key and partition, the newest last
  std::deque<size_t> pending_;               // groups
};

// Every record, in batches.
class HistoryWrites : public Writes {
 public:
  HistoryWrites(std::string table, const TableKey& key, std::vector<MappedItem> items);

  std::optional<std::pair<size_t, Statement>> next() override;
  std::optional<Statement> remaining(size_t number, const Answer& answer) override;
  void on_answer(size_t number, Answer answer) override;

 private:
  Statement statement(const std::vector<size_t>& chunk) const;
  std::vector<size_t> unprocessed(const std::vector<size_t>& chunk, const Answer& answer) const;

  const std::string table_;
  const std::string hash_, sort_;
  const std::vector<MappedItem> items_;
  std::vector<std::vector<size_t>> chunks_;
  std::deque<size_t> pending_;  // chunks
};

}  // namespace omashu::sink::dynamodb
