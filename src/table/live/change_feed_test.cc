#include "table/live/change_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace omashu::table {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::shared_ptr<const LiveRow> row(const std::string& key, const std::string& value, Position position) {
  return std::make_shared<const LiveRow>(LiveRow{.key = key, .value = value, .position = position, .timestamp_ms = 1});
}

Change change(Position cause, const std::string& value = "v") {
  return {.before = nullptr, .after = row("k", value, cause), .cause = cause};
}

Change expiry(Position position) {
  Change change{.before = row("k", "v", position), .after = row("k", "", position), .cause = position};
  change.is_expiry = true;
  return change;
}

PositionSet positions(std::map<kafka::PartitionId, kafka::Offset> offsets) {
  return {.topic = "t", .offsets = std::move(offsets)};
}

// A feed of one partition that holds the changes of these offsets.
class ChangeFeedTest : public testing::Test {
 protected:
  ChangeFeedTest() { feed_.restart(positions({{0, 9}}), false); }

  void append(std::vector<Change> changes) {
    PositionSet read_up_to = feed_.read_up_to();
    for (const Change& one : changes) read_up_to.merge(positions({{one.cause.partition, one.cause.offset}}));
    feed_.append(std::move(changes), read_up_to);
    feed_.notify();
  }

  std::vector<kafka::Offset> offsets_from(ChangeFeed::Sequence from) {
    std::vector<kafka::Offset> offsets;
    const auto changes = feed_.read(from, 100);
    if (!changes) return {-1};
    for (const Change& one : *changes) offsets.push_back(one.cause.offset);
    return offsets;
  }

  ChangeFeed feed_{4'000};
};

TEST_F(ChangeFeedTest, GivesChangesInTheirOrderFromAPlaceOn) {
  const ChangeFeed::Sequence start = feed_.end();
  append({change({0, 10}), change({0, 11})});
  append({change({0, 12})});
  EXPECT_THAT(offsets_from(start), ElementsAre(10, 11, 12));
  EXPECT_THAT(offsets_from(start + 2), ElementsAre(12));
  EXPECT_THAT(offsets_from(feed_.end()), IsEmpty());
  EXPECT_EQ(feed_.read(start, 2)->size(), 2u);
  EXPECT_EQ(feed_.end(), start + 3);
  EXPECT_EQ(position_set_text(feed_.read_up_to()), "t-0-12");
}

TEST_F(ChangeFeedTest, ForgetsTheOldestBeyondItsBytes) {
  const ChangeFeed::Sequence start = feed_.end();
  for (int i = 10; i < 20; ++i) append({change({0, i}, std::string(1'000, 'x'))});
  EXPECT_EQ(feed_.read(start, 10), std::nullopt);
  EXPECT_THAT(offsets_from(feed_.end() - 1), ElementsAre(19));
}

TEST_F(ChangeFeedTest, AChangeLargerThanTheFeedIsGoneAtOnce) {
  const ChangeFeed::Sequence start = feed_.end();
  append({change({0, 10}, std::string(10'000, 'x'))});
  EXPECT_EQ(feed_.read(start, 10), std::nullopt);
  EXPECT_THAT(offsets_from(feed_.end()), IsEmpty());
  EXPECT_EQ(feed_.after(positions({{0, 9}})), std::nullopt);
  EXPECT_EQ(feed_.after(positions({{0, 10}})), feed_.end());
}

TEST_F(ChangeFeedTest, GoesOnBehindWhatSomebodyHasSeen) {
  const ChangeFeed::Sequence start = feed_.end();
  append({change({0, 10}), change({0, 11})});
  EXPECT_EQ(feed_.after(positions({{0, 9}})), start);
  EXPECT_EQ(feed_.after(positions({{0, 10}})), start + 1);
  EXPECT_EQ(feed_.after(positions({{0, 11}})), start + 2);
  EXPECT_EQ(feed_.after(positions({{0, 99}})), start + 2);
}

TEST_F(ChangeFeedTest, KnowsThatAChangeBeforeItMayHaveBeenMissed) {
  append({change({0, 10})});
  EXPECT_EQ(feed_.after(positions({{0, 8}})), std::nullopt);
  EXPECT_EQ(feed_.after(positions({})), std::nullopt);
  EXPECT_EQ(feed_.after({.topic = "other", .offsets = {{0, 50}}}), std::nullopt);
  for (int i = 11; i < 20; ++i) append({change({0, i}, std::string(1'000, 'x'))});
  EXPECT_EQ(feed_.after(positions({{0, 10}})), std::nullopt);
}

TEST_F(ChangeFeedTest, FindsTheFirstUnseenChangeWhereAnotherProcessReadInAnotherOrder) {
  const ChangeFeed::Sequence start = feed_.end();
  append({change({0, 10}), change({1, 0}), change({0, 11})});
  EXPECT_EQ(feed_.after(positions({{0, 11}})), start + 1);
}

TEST_F(ChangeFeedTest, GivesExpiriesBehindWhatWasSeen) {
  const ChangeFeed::Sequence start = feed_.end();
  append({change({0, 10}), expiry({0, 3}), change({0, 11}), expiry({0, 10})});
  EXPECT_EQ(feed_.after(positions({{0, 11}})), start + 3);
  EXPECT_EQ(feed_.after(positions({{0, 10}})), start + 1);
}

TEST_F(ChangeFeedTest, NobodyGoesOnWhereAnExpiryWasForgotten) {
  feed_.restart(positions({{0, 9}}), true);
  EXPECT_EQ(feed_.after(positions({{0, 9}})), std::nullopt);
  append({change({0, 10})});
  EXPECT_EQ(feed_.after(positions({{0, 9}})), std::nullopt);
  EXPECT_EQ(feed_.after(positions({{0, 10}})), feed_.end());
}

TEST_F(ChangeFeedTest, NobodyFollowsBeyondARestart) {
  append({change({0, 10})});
  const ChangeFeed::Sequence end = feed_.end();
  feed_.restart(positions({}), false);
  EXPECT_EQ(feed_.read(end, 1), std::nullopt);
  EXPECT_THAT(offsets_from(feed_.end()), IsEmpty());
  EXPECT_EQ(feed_.after(positions({})), feed_.end());
}

TEST_F(ChangeFeedTest, CallsItsListenersAfterEachAppend) {
  int calls = 0, others = 0;
  const auto id = feed_.add_listener([&] { ++calls; });
  feed_.add_listener([&] { ++others; });
  append({change({0, 10})});
  feed_.remove_listener(id);
  append({change({0, 11})});
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(others, 2);
}

TEST_F(ChangeFeedTest, AListenerMayReadTheFeedAndRemoveItself) {
  std::vector<kafka::Offset> seen;
  ChangeFeed::ListenerId id = 0;
  id = feed_.add_listener([&] {
    seen = offsets_from(feed_.end() - 1);
    feed_.remove_listener(id);
  });
  append({change({0, 10})});
  append({change({0, 11})});
  EXPECT_THAT(seen, ElementsAre(10));
}

TEST_F(ChangeFeedTest, RemovingAListenerWaitsUntilItHasReturned) {
  std::atomic<bool> is_called = false, may_return = false, has_returned = false;
  const auto id = feed_.add_listener([&] {
    is_called = true;
    is_called.notify_all();
    may_return.wait(false);
    has_returned = true;
  });
  std::thread reader([&] { append({change({0, 10})}); });
  is_called.wait(false);
  std::thread remover([&] {
    feed_.remove_listener(id);
    EXPECT_TRUE(has_returned);
  });
  may_return = true;
  may_return.notify_all();
  remover.join();
  reader.join();
}

}  // namespace
}  // namespace omashu::table
