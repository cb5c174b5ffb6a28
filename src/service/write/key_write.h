// One write to one key, from the row that it finds to the answer: a state machine without clock, socket or thread.
//
// What a request makes of a row (a new value, a merged one, tombstones, or a refusal) is decided by whoever drives the
// machine. All writes of a key run one after the other, so that no other write of this server comes between. Other
// producers may write the key at any time, and Kafka does not refuse a record because of the one before it. So the
// machine looks at where its record came to lie:
//
//   decide  ──refused──▶ finish: refused                      nothing was written
//     │ records
//     ▼
//   write, and wait until it was read back
//     │      the record before it is the one that was decided on ──▶ finish: written
//     │ another producer's record W lies between
//     ▼
//   decide again, on W
//     │ the same records: they stand behind W as they would have been written ──▶ finish: written
//     │ others (a merge): write them, and look again
//     │ refused: what was written must not stand
//     ▼
//   write W again, and look again: where another one lies between, write that one again
//     └──▶ finish: refused
//
// What holds then, when all writes are done, is what the last record says that was written by another producer or by a
// write that succeeded: no conditional write covers what it did not know, and a refused one leaves nothing behind.
// Until W is written again, readers see the refused value. A process that ends before leaves it there, and its client
// without an answer. One thing is not seen: another producer's tombstone right behind that of a deletion which is then
// refused, since it changes no row; the row comes back, as if that tombstone had come before.

#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "service/problem.h"
#include "service/write/new_record.h"
#include "table/live/change_feed.h"

namespace omashu::service {

using Decision = Answer<std::vector<NewRecord>>;

class KeyWrite {
 public:
  struct Options {
    std::string key;                // as write_key() of the topic has it: under which a row is written again
    bool is_any_row_right = false;  // the decision is the same whatever the row is: nothing need be looked at
  };

  struct Written {
    table::Position position;  // of the first of the records
    RowPtr before;             // the row that they replaced
  };

  // What is to be done next.
  struct Decide {
    RowPtr row;
  };
  struct Write {
    std::vector<NewRecord> records;
    int64_t after_ms = -1;  // their timestamps are later, so that they count also beside another partition's record
  };
  struct Finish {
    Answer<Written> result;
    std::optional<table::Position> restored = {};  // where the row stands that was written again
  };
  using Step = std::variant<Decide, Write, Finish>;

  explicit KeyWrite(Options options) : options_(std::move(options)) {}

  Step start(RowPtr row);
  Step on_decided(Decision decision);

  // The records of the last Write were acknowledged and read back. `changes` are all of the key in the order of the
  // table, from before the row was looked up that start() was given.
  Step on_read_back(std::span<const table::Position> positions, std::span<const table::Change> changes);

  // What the last Write came to is not known.
  Step on_failed(Problem problem);

  // As often as another producer may come between before the write is given up.
  static constexpr int kMaxRounds = 100;

 private:
  enum class State : uint8_t { kIdle, kDeciding, kWriting, kRestoring, kFinished };

  Step write(std::vector<NewRecord> records, const RowPtr& over);
  Step restore(const RowPtr& row);
  Step finish(Answer<Written> result);
  RowPtr row_before_first(std::span<const table::Position> positions, std::span<const table::Change> changes) const;

  const Options options_;
  State state_ = State::kIdle;
  RowPtr base_;                                      // what was decided on
  std::vector<NewRecord> written_;                   // last; empty: nothing yet
  std::optional<table::Position> written_position_;  // of the first of them, once they were read back
  size_t seen_changes_ = 0;                          // up to and with those that they made
  Problem refusal_;
  int rounds_ = 0;
};

}  // namespace omashu::service
