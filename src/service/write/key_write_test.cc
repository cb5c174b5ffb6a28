#include "service/write/key_write.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <deque>
#include <functional>
#include <random>

#include "table/stored_value.h"

namespace omashu::service {
namespace {

using testing::ElementsAre;

RowPtr row_at(table::Position position, std::optional<std::string> value) {
  auto row = std::make_shared<table::LiveRow>();
  row->key = "\"k\"";
  row->position = position;
  row->timestamp_ms = 1'000 + position.offset;
  if (value) {
    row->value.emplace();
    table::append_stored_value({.payload = *value}, *row->value);
  }
  return row;
}

std::optional<std::string> value_of(const RowPtr& row) {
  if (!is_there(row)) return std::nullopt;
  return std::string(table::read_stored_value(*row->value).payload);
}

table::Change change(const RowPtr& before, const RowPtr& after) {
  return {.before = is_there(before) ? before : nullptr, .after = after, .cause = after->position};
}

Decision put(std::string value) { return std::vector<NewRecord>{{.key = "k", .value = std::move(value)}}; }
Decision refused() { return refuse(ProblemType::kPreconditionFailed, "another one won"); }

template <class Step>
Step as(KeyWrite::Step step) {
  if (!std::holds_alternative<Step>(step)) throw std::logic_error("another step");
  return std::get<Step>(std::move(step));
}

const std::optional<std::string>& value_of(const KeyWrite::Write& write) { return write.records.at(0).value; }

class KeyWriteTest : public testing::Test {
 protected:
  KeyWrite write_{{.key = "k"}};
  const RowPtr base_ = row_at({0, 5}, "base");
  const RowPtr winner_ = row_at({0, 6}, "winner");
};

TEST_F(KeyWriteTest, UndisturbedItIsWrittenOnce) {
  EXPECT_EQ(as<KeyWrite::Decide>(write_.start(base_)).row, base_);
  const auto write = as<KeyWrite::Write>(write_.on_decided(put("new")));
  EXPECT_EQ(value_of(write), "new");
  EXPECT_EQ(write.after_ms, base_->timestamp_ms);
  const table::Position own{0, 6};
  const table::Change changes[] = {change(base_, row_at(own, "new"))};
  const auto finish = as<KeyWrite::Finish>(write_.on_read_back({&own, 1}, changes));
  ASSERT_TRUE(finish.result);
  EXPECT_EQ(finish.result->position, own);
  EXPECT_EQ(finish.result->before, base_);
}

TEST_F(KeyWriteTest, ARefusalWritesNothing) {
  (void)write_.start(base_);
  const auto finish = as<KeyWrite::Finish>(write_.on_decided(refused()));
  ASSERT_FALSE(finish.result);
  EXPECT_EQ(finish.result.error().type, ProblemType::kPreconditionFailed);
}

TEST_F(KeyWriteTest, WhatIsRefusedOnTheRecordBetweenIsCoveredByThatRecord) {
  (void)write_.start(base_);
  (void)write_.on_decided(put("new"));
  const table::Position own{0, 7}, restored{0, 8};
  const RowPtr mine = row_at(own, "new");
  const table::Change changes[] = {change(base_, winner_), change(winner_, mine)};
  EXPECT_EQ(as<KeyWrite::Decide>(write_.on_read_back({&own, 1}, changes)).row, winner_);
  EXPECT_EQ(value_of(as<KeyWrite::Write>(write_.on_decided(refused()))), "winner");
  const table::Change more[] = {changes[0], changes[1], change(mine, row_at(restored, "winner"))};
  EXPECT_FALSE(as<KeyWrite::Finish>(write_.on_read_back({&restored, 1}, more)).result);
}

TEST_F(KeyWriteTest, WhoComesBetweenWhileARowIsRestoredIsRestoredInItsTurn) {
  (void)write_.start(base_);
  (void)write_.on_decided(put("new"));
  const table::Position own{0, 7}, restored{0, 9}, restored_again{0, 10};
  const RowPtr mine = row_at(own, "new"), later = row_at({0, 8}, "later");
  const table::Change changes[] = {change(base_, winner_), change(winner_, mine)};
  (void)write_.on_read_back({&own, 1}, changes);
  (void)write_.on_decided(refused());
  const table::Change more[] = {changes[0], changes[1], change(mine, later), change(later, row_at(restored, "winner"))};
  EXPECT_EQ(value_of(as<KeyWrite::Write>(write_.on_read_back({&restored, 1}, more))), "later");
  const table::Change last[] = {more[0], more[1], more[2], more[3],
                                change(row_at(restored, "winner"), row_at(restored_again, "later"))};
  EXPECT_FALSE(as<KeyWrite::Finish>(write_.on_read_back({&restored_again, 1}, last)).result);
}

TEST_F(KeyWriteTest, AMergeIsMadeAgainOnTheRecordBetween) {
  (void)write_.start(base_);
  (void)write_.on_decided(put("base+"));
  const table::Position own{0, 7}, again{0, 8};
  const RowPtr mine = row_at(own, "base+");
  const table::Change changes[] = {change(base_, winner_), change(winner_, mine)};
  (void)write_.on_read_back({&own, 1}, changes);
  EXPECT_EQ(value_of(as<KeyWrite::Write>(write_.on_decided(put("winner+")))), "winner+");
  const table::Change more[] = {changes[0], changes[1], change(mine, row_at(again, "winner+"))};
  const auto finish = as<KeyWrite::Finish>(write_.on_read_back({&again, 1}, more));
  ASSERT_TRUE(finish.result);
  EXPECT_EQ(finish.result->position, again);
  EXPECT_EQ(finish.result->before, winner_);
}

TEST_F(KeyWriteTest, WhatIsDecidedAlikeOnTheRecordBetweenStands) {
  (void)write_.start(base_);
  (void)write_.on_decided(put("new"));
  const table::Position own{0, 7};
  const table::Change changes[] = {change(base_, winner_), change(winner_, row_at(own, "new"))};
  (void)write_.on_read_back({&own, 1}, changes);
  const auto finish = as<KeyWrite::Finish>(write_.on_decided(put("new")));
  ASSERT_TRUE(finish.result);
  EXPECT_EQ(finish.result->position, own);
}

TEST_F(KeyWriteTest, WhereNothingHasToHoldNothingIsLookedAt) {
  KeyWrite write({.key = "k", .is_any_row_right = true});
  (void)write.start(base_);
  (void)write.on_decided(put("new"));
  const table::Position own{0, 7};
  EXPECT_TRUE(as<KeyWrite::Finish>(write.on_read_back({&own, 1}, {})).result);
}

TEST_F(KeyWriteTest, ARowThatWasDeletedBetweenIsDeletedAgain) {
  (void)write_.start(base_);
  (void)write_.on_decided(put("new"));
  const table::Position own{0, 7};
  const RowPtr tombstone = row_at({0, 6}, std::nullopt);
  const table::Change changes[] = {change(base_, tombstone), change(tombstone, row_at(own, "new"))};
  EXPECT_FALSE(is_there(as<KeyWrite::Decide>(write_.on_read_back({&own, 1}, changes)).row));
  EXPECT_EQ(value_of(as<KeyWrite::Write>(write_.on_decided(refused()))), std::nullopt);
}

TEST_F(KeyWriteTest, TombstonesForWhatSomebodyElseDeleted) {
  (void)write_.start(base_);
  const std::vector<NewRecord> tombstones = {{.key = "k", .value = {}}, {.key = "old k", .value = {}}};
  (void)write_.on_decided(tombstones);
  const table::Position own[] = {{0, 7}, {1, 3}};
  const table::Change changes[] = {change(row_at({0, 4}, "older"), base_), change(base_, row_at({0, 6}, std::nullopt))};
  EXPECT_FALSE(is_there(as<KeyWrite::Decide>(write_.on_read_back(own, changes)).row));
}

TEST_F(KeyWriteTest, ARecordBetweenTwoTombstonesIsSeen) {
  (void)write_.start(base_);
  const std::vector<NewRecord> tombstones = {{.key = "k", .value = {}}, {.key = "old k", .value = {}}};
  (void)write_.on_decided(tombstones);
  const table::Position own[] = {{0, 6}, {1, 3}};
  const RowPtr first = row_at(own[0], std::nullopt), between = row_at({0, 7}, "between");
  const table::Change changes[] = {change(base_, first), change(first, between),
                                   change(between, row_at(own[1], std::nullopt))};
  EXPECT_EQ(as<KeyWrite::Decide>(write_.on_read_back(own, changes)).row, between);
}

TEST_F(KeyWriteTest, WhoNeverFindsAPlaceGivesUp) {
  (void)write_.start(base_);
  (void)write_.on_decided(put("new"));
  RowPtr before = base_;
  std::vector<table::Change> changes;
  for (int i = 0; i <= KeyWrite::kMaxRounds; ++i) {
    const table::Position own{0, 100 + 2 * i};
    const RowPtr other = row_at({0, 99 + 2 * i}, fmt::format("other {}", i)), mine = row_at(own, "mine");
    changes.insert(changes.end(), {change(before, other), change(other, mine)});
    before = mine;
    KeyWrite::Step step = write_.on_read_back({&own, 1}, changes);
    if (i == KeyWrite::kMaxRounds) {
      EXPECT_EQ(as<KeyWrite::Finish>(std::move(step)).result.error().type, ProblemType::kUnavailable);
    } else {
      (void)as<KeyWrite::Write>(write_.on_decided(put(fmt::format("{}+", *value_of(other)))));
    }
  }
}

// ---- a server, its clients and a foreign producer, interleaved at random

struct Op {
  enum class Kind { kPut, kPutUnlessEven, kPutIfMatch, kCreate, kAppend, kDeleteIfMatch } kind = Kind::kPut;
  std::string token;
  table::Position match;
  std::optional<std::string> matched_value;  // what the client had seen there
};

// One key, one partition. Each value is a text that occurs once, so that equal values are the same write.
class Model {
 public:
  explicit Model(uint64_t seed) : random_(seed) {}

  void run() {
    for (int i = 0; i < 400; ++i) step();
    is_ending_ = true;
    while (running_ || !queue_.empty() || read_ < log_.size()) step();
    check();
  }

 private:
  struct Entry {
    std::optional<std::string> value;
    const Op* op = nullptr;  // null: foreign
    bool is_accepted = true;
  };

  uint64_t pick(uint64_t n) { return random_() % n; }
  std::string token() { return fmt::format("{}", ++tokens_); }

  void step() {
    switch (pick(is_ending_ ? 4 : 6)) {
      case 0: return read_one();
      case 1: return append_pending();
      case 2: return finish_read_back();
      case 3: return start_next();
      case 4: return submit();
      default:
        if (pick(3) == 0) write_foreign();
    }
  }

  // A tombstone on a tombstone changes no row, so that nobody can tell that it was there: see key_write.h.
  void write_foreign() {
    const bool is_tombstone = pick(4) == 0 && !log_.empty() && log_.back().value;
    log_.push_back({is_tombstone ? std::nullopt : std::optional("f" + token())});
  }

  void submit() {
    Op op{.kind = static_cast<Op::Kind>(pick(6)), .token = token(), .match = {0, -1}, .matched_value = {}};
    if (is_there(row_)) {
      op.match = row_->position;
      op.matched_value = value_of(row_);
    }
    ops_.push_back(op);
    queue_.push_back(&ops_.back());
  }

  void read_one() {
    if (read_ == log_.size()) return;
    const RowPtr after = row_at({0, static_cast<kafka::Offset>(read_)}, log_[read_].value);
    if (is_there(row_) || is_there(after)) {
      if (running_) changes_.push_back(change(row_, after));
      row_ = after;
    }
    ++read_;
  }

  void start_next() {
    if (running_ || queue_.empty()) return;
    op_ = queue_.front();
    queue_.pop_front();
    running_.emplace(KeyWrite::Options{.key = "k", .is_any_row_right = op_->kind == Op::Kind::kPut});
    changes_.clear();
    take(running_->start(row_));
  }

  Decision decide(const RowPtr& row) const {
    const auto value = value_of(row);
    switch (op_->kind) {
      case Op::Kind::kPut: return put("p" + op_->token);
      case Op::Kind::kPutUnlessEven:
        if (value && value->size() % 2 == 0) return refused();
        return put("t" + op_->token);
      case Op::Kind::kCreate:
        if (value) return refused();
        return put("c" + op_->token);
      case Op::Kind::kAppend:
        if (!value) return refused();
        return put(*value + "+" + op_->token);
      case Op::Kind::kPutIfMatch:
      case Op::Kind::kDeleteIfMatch:
        if (!value || row->position != op_->match) return refused();
        if (op_->kind == Op::Kind::kPutIfMatch) return put("m" + op_->token);
        return std::vector<NewRecord>{{.key = "k", .value = std::nullopt}};
    }
    return refused();
  }

  void take(KeyWrite::Step step) {
    while (const auto* decision = std::get_if<KeyWrite::Decide>(&step)) {
      step = running_->on_decided(decide(decision->row));
    }
    if (auto* write = std::get_if<KeyWrite::Write>(&step)) {
      pending_ = std::move(write->records);
    } else {
      const auto& result = std::get<KeyWrite::Finish>(step).result;
      if (result) {
        log_[static_cast<size_t>(result->position.offset)].is_accepted = true;
        ++accepted_;
      }
      running_.reset();
    }
  }

  void append_pending() {
    if (pending_.empty()) return;
    in_flight_ = table::Position{0, static_cast<kafka::Offset>(log_.size())};
    log_.push_back({pending_[0].value, op_, false});
    pending_.clear();
  }

  void finish_read_back() {
    if (!in_flight_ || static_cast<size_t>(in_flight_->offset) >= read_) return;
    const table::Position own = *std::exchange(in_flight_, std::nullopt);
    take(running_->on_read_back({&own, 1}, changes_));
  }

  void check() const {
    std::optional<std::string> value;
    for (const Entry& entry : log_) {
      if (!entry.is_accepted) continue;
      if (entry.op != nullptr) {
        switch (entry.op->kind) {
          case Op::Kind::kPut: break;
          case Op::Kind::kPutUnlessEven: EXPECT_FALSE(value && value->size() % 2 == 0); break;
          case Op::Kind::kCreate: EXPECT_EQ(value, std::nullopt); break;
          case Op::Kind::kAppend: EXPECT_EQ(entry.value, value.value_or("none") + "+" + entry.op->token); break;
          case Op::Kind::kPutIfMatch:
          case Op::Kind::kDeleteIfMatch: EXPECT_EQ(value, entry.op->matched_value); break;
        }
      }
      value = entry.value;
    }
    EXPECT_EQ(log_.empty() ? std::nullopt : log_.back().value, value);
  }

  std::mt19937_64 random_;
  std::vector<Entry> log_;
  size_t read_ = 0;  // by the table
  RowPtr row_;       // as the table has it
  std::deque<Op> ops_;
  std::deque<const Op*> queue_;
  std::optional<KeyWrite> running_;
  const Op* op_ = nullptr;
  std::vector<table::Change> changes_;
  std::vector<NewRecord> pending_;            // sent and not in the log
  std::optional<table::Position> in_flight_;  // in the log and not read back
  bool is_ending_ = false;
  int tokens_ = 0;
  int accepted_ = 0;
};

TEST(KeyWriteModel, NoConditionalWriteCoversWhatItDidNotKnow) {
  const char* rounds = std::getenv("OMASHU_WRITE_SEEDS");
  const int seeds = rounds == nullptr ? 2'000 : std::atoi(rounds);
  for (int seed = 0; seed < seeds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    Model(static_cast<uint64_t>(seed)).run();
  }
}

}  // namespace
}  // namespace omashu::service
