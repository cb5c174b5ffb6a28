#include "sink/engine_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::sink {
namespace {

using kafka::Offset;
using kafka::PartitionId;
using kafka::TopicPartition;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

const TopicPartition kFirst = {"t", PartitionId{0}};
const TopicPartition kSecond = {"t", PartitionId{1}};

class EngineStateTest : public ::testing::Test {
 protected:
  // The next action, which must be of this kind.
  template <class Kind>
  Kind expect() {
    Action action = state_.next(now_);
    Kind* found = std::get_if<Kind>(&action);
    EXPECT_NE(found, nullptr) << "another action: " << action.index();
    return found == nullptr ? Kind{} : std::move(*found);
  }

  // Until records of the partition are read, from this offset on.
  void start(const TopicPartition& place, Offset offset = Offset{0}, const Positions& of_sink = {}) {
    state_.assigned(std::vector{place});
    EXPECT_THAT(expect<action::Begin>().partitions, ElementsAre(place));
    state_.begun(of_sink, now_);
    expect<action::Locate>();
    state_.located(Positions{{place, offset}}, now_);
    EXPECT_THAT(expect<action::Seek>().offsets, ElementsAre(Pair(place, offset)));
    state_.sought({}, now_);
    EXPECT_THAT(expect<action::Commit>().positions, ElementsAre(Pair(place, offset)));
    state_.committed({{place, offset}}, {}, now_);
    EXPECT_THAT(expect<action::Resume>().partitions, ElementsAre(place));
  }

  void read(const TopicPartition& place, Offset offset, size_t size = 10, std::optional<Time> due = std::nullopt) {
    kafka::Message message;
    message.topic = place.topic;
    message.partition = place.partition;
    message.offset = offset;
    message.value = std::string(size, 'x');
    state_.read(std::move(message), now_, due);
  }

  std::vector<Offset> offsets(const action::Write& write) {
    std::vector<Offset> found;
    for (const kafka::Message* message : write.messages) found.push_back(message->offset);
    return found;
  }

  static WriteResult away() {
    return std::unexpected(WriteFailure::try_again({ErrorCode::kUnavailable, "away", std::nullopt}));
  }

  Time now_{std::chrono::hours(1)};
  EngineLimits limits_{.batch_records = 3, .batch_bytes = 2'000, .max_bytes = 4'000};
  EngineState state_{limits_, [] { return 1.0; }};
};

TEST_F(EngineStateTest, ABatchWaitsForOthersAndIsCommittedOnceItIsDurable) {
  start(kFirst);
  read(kFirst, Offset{0});
  const auto wait = expect<action::Wait>();
  EXPECT_EQ(wait.until, now_ + limits_.batch_wait);
  EXPECT_TRUE(wait.may_read);
  now_ += limits_.batch_wait;
  const auto write = expect<action::Write>();
  EXPECT_THAT(offsets(write), ElementsAre(Offset{0}));
  EXPECT_THAT(write.next, ElementsAre(Pair(kFirst, Offset{1})));
  now_ += limits_.commit_interval;
  expect<action::Wait>();
  state_.written({}, now_);
  EXPECT_THAT(expect<action::Commit>().positions, ElementsAre(Pair(kFirst, Offset{1})));
}

TEST_F(EngineStateTest, AFullBatchWaitsForNothing) {
  start(kFirst);
  for (int i = 0; i < 4; ++i) read(kFirst, Offset{i});
  EXPECT_THAT(offsets(expect<action::Write>()), ElementsAre(Offset{0}, Offset{1}, Offset{2}));
  state_.written({}, now_);
  expect<action::Wait>();
}

TEST_F(EngineStateTest, TheEndOfAPartitionMovesThePositionPastMarkers) {
  start(kFirst);
  read(kFirst, Offset{0});
  state_.reached_end(kFirst, Offset{5});
  now_ += limits_.batch_wait;
  EXPECT_THAT(expect<action::Write>().next, ElementsAre(Pair(kFirst, Offset{5})));
}

TEST_F(EngineStateTest, ABatchThatFailedComesAgainAfterAPauseAndABegin) {
  start(kFirst);
  for (int i = 0; i < 3; ++i) read(kFirst, Offset{i});
  expect<action::Write>();
  state_.written(away(), now_);
  EXPECT_EQ(state_.last_failure()->message, "away");
  EXPECT_EQ(expect<action::Wait>().until, now_ + limits_.first_backoff);
  now_ += limits_.first_backoff;
  EXPECT_THAT(expect<action::Begin>().partitions, ElementsAre(kFirst));
  state_.begun(Positions(), now_);
  EXPECT_THAT(offsets(expect<action::Write>()), ElementsAre(Offset{0}, Offset{1}, Offset{2}));
  state_.written(away(), now_);
  EXPECT_EQ(expect<action::Wait>().until, now_ + 2 * limits_.first_backoff);
}

TEST_F(EngineStateTest, WhatTheSinkHadWrittenInSpiteOfItsFailureIsNotWrittenAgain) {
  start(kFirst, Offset{0}, {{kFirst, Offset{0}}});
  for (int i = 0; i < 3; ++i) read(kFirst, Offset{i});
  expect<action::Write>();
  state_.written(away(), now_);
  now_ += limits_.first_backoff;
  expect<action::Begin>();
  state_.begun(Positions{{kFirst, Offset{3}}}, now_);
  now_ += limits_.commit_interval;
  EXPECT_THAT(expect<action::Commit>().positions, ElementsAre(Pair(kFirst, Offset{3})));
  expect<action::Wait>();
}

TEST_F(EngineStateTest, ASinkThatWasSetBackIsReadFromThere) {
  start(kFirst, Offset{5}, {{kFirst, Offset{5}}});
  for (int i = 5; i < 8; ++i) read(kFirst, Offset{i});
  expect<action::Write>();
  state_.written(away(), now_);
  now_ += limits_.first_backoff;
  expect<action::Begin>();
  state_.begun(Positions{{kFirst, Offset{2}}}, now_);
  EXPECT_THAT(expect<action::Seek>().offsets, ElementsAre(Pair(kFirst, Offset{2})));
  read(kFirst, Offset{8});  // what came before the seek was done
  state_.sought({}, now_);
  for (int i = 2; i < 5; ++i) read(kFirst, Offset{i});
  now_ += limits_.commit_interval;
  EXPECT_THAT(offsets(expect<action::Write>()), ElementsAre(Offset{2}, Offset{3}, Offset{4}));
}

TEST_F(EngineStateTest, MembershipGoesOnWhileTheSinkIsSlow) {
  start(kFirst);
  for (int i = 0; i < 4; ++i) read(kFirst, Offset{i}, 1'000);
  expect<action::Write>();
  const auto wait = expect<action::Wait>();
  EXPECT_FALSE(wait.may_read) << "full: what was fetched ahead waits in the consumer";
  EXPECT_EQ(wait.until, now_ + limits_.pause_after);
  now_ += limits_.pause_after;
  EXPECT_THAT(expect<action::Pause>().partitions, ElementsAre(kFirst));
  EXPECT_TRUE(expect<action::Wait>().may_read) << "nothing comes of paused partitions, and the group is served";
  while (state_.held_bytes() > 0) {
    state_.written({}, now_);
    if (state_.held_bytes() == 0 || !std::holds_alternative<action::Write>(state_.next(now_))) break;
  }
  now_ += limits_.commit_interval;
  for (int i = 0; i < 3; ++i) {
    if (std::holds_alternative<action::Resume>(state_.next(now_))) return;
  }
  FAIL() << "it is not resumed";
}

TEST_F(EngineStateTest, APartitionThatIsTakenAwayIsEndedBeforeItIsBegunAgain) {
  start(kFirst);
  for (int i = 0; i < 3; ++i) read(kFirst, Offset{i});
  expect<action::Write>();
  EXPECT_TRUE(state_.is_writing(std::vector{kFirst}));
  EXPECT_FALSE(state_.is_writing(std::vector{kSecond}));
  state_.revoked(std::vector{kFirst});
  state_.assigned(std::vector{kFirst});
  expect<action::Wait>();
  state_.written({}, now_);
  EXPECT_TRUE(state_.durable_positions().empty()) << "it is another assignment";
  EXPECT_THAT(expect<action::End>().partitions, ElementsAre(kFirst));
  state_.ended();
  EXPECT_THAT(expect<action::Begin>().partitions, ElementsAre(kFirst));
}

TEST_F(EngineStateTest, ARecordThatIsNotDueHoldsItsPartitionBack) {
  start(kFirst);
  read(kFirst, Offset{0}, 10, now_ + milliseconds(600));
  read(kFirst, Offset{1}, 10, now_ + milliseconds(700));
  EXPECT_THAT(expect<action::Pause>().partitions, ElementsAre(kFirst));
  EXPECT_EQ(expect<action::Wait>().until, now_ + milliseconds(600));
  now_ += milliseconds(600);
  EXPECT_THAT(expect<action::Seek>().offsets, ElementsAre(Pair(kFirst, Offset{0})));
  state_.sought({}, now_);
  EXPECT_THAT(expect<action::Resume>().partitions, ElementsAre(kFirst));
  read(kFirst, Offset{0}, 10, now_);
  now_ += limits_.batch_wait;
  EXPECT_THAT(offsets(expect<action::Write>()), ElementsAre(Offset{0}));
}

TEST_F(EngineStateTest, AStopFinishesTheBatchUnderWayAndCommits) {
  start(kFirst);
  for (int i = 0; i < 5; ++i) read(kFirst, Offset{i});
  expect<action::Write>();
  state_.stop();
  expect<action::Wait>();
  state_.written({}, now_);
  EXPECT_THAT(expect<action::Commit>().positions, ElementsAre(Pair(kFirst, Offset{3})));
  state_.committed({{kFirst, Offset{3}}}, {}, now_);
  expect<action::Finished>();
}

TEST_F(EngineStateTest, ALogThatWasCutIsSaid) {
  start(kFirst);
  read(kFirst, Offset{0});
  read(kFirst, Offset{1});
  state_.reached_end(kFirst, Offset{1});  // seen behind the first record, when the second was there too
  EXPECT_TRUE(std::holds_alternative<action::Wait>(state_.next(now_)));
  state_.check_end(kFirst, Offset{1});
  EXPECT_THAT(expect<action::Failed>().error.message, HasSubstr("t-0 ends at 1, but was read up to 2"));
}

TEST_F(EngineStateTest, WhatNoRepetitionMendsEndsIt) {
  state_.assigned(std::vector{kFirst});
  expect<action::Begin>();
  state_.begun(std::unexpected(WriteFailure::stop({ErrorCode::kInvalidArgument, "no such table", std::nullopt})), now_);
  EXPECT_EQ(expect<action::Failed>().error.message, "no such table");
}

TEST_F(EngineStateTest, AnAssignmentThatHasNotComeThroughIsSoughtAgain) {
  state_.assigned(std::vector{kFirst});
  expect<action::Begin>();
  state_.begun(Positions(), now_);
  expect<action::Locate>();
  state_.located(Positions{{kFirst, Offset{0}}}, now_);
  expect<action::Seek>();
  state_.sought(fail(ErrorCode::kUnavailable, "not yet"), now_);
  while (!std::holds_alternative<action::Seek>(state_.next(now_))) now_ += milliseconds(10);
  state_.sought({}, now_);
  EXPECT_FALSE(state_.last_failure());
}

}  // namespace
}  // namespace omashu::sink
