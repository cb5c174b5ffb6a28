#include "table/live/stored_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schema_registry/client/testing/memory_registry.h"
#include "table/live/testing/filled_table.h"

namespace omashu::table {
namespace {

using std::chrono::steady_clock;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::FilledTable;
using testing::FilledTableOptions;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using namespace std::string_literals;

constexpr const char* kValue = R"({"type":"record","name":"V","fields":[{"name":"status","type":"string"},
  {"name":"at","type":["null",{"type":"long","logicalType":"timestamp-millis"}],"default":null}]})";

class StoredTableTest : public ::testing::Test {
 protected:
  StoredTableTest() { EXPECT_TRUE(registry_.register_schema("t-value", {.schema = kValue}, false)); }

  FilledTableOptions options(std::vector<std::string> indexes = {}) {
    return {.table = {.topic = "t", .indexes = std::move(indexes)}, .now_ms = [this] { return now_ms_; }};
  }

  static std::string value(const std::string& status) { return R"({"status":")" + status + R"("})"; }

  static std::string status_of(FilledTable& table, const LiveRow& row) {
    return table.typed()->row_value(row.view())->text;
  }
  static std::vector<std::string> keys_of(const TableSnapshot& snapshot, const std::optional<std::string>& after = {},
                                          bool descending = false) {
    std::vector<std::string> keys;
    EXPECT_TRUE(snapshot.for_each_row(after, descending, [&](const LiveRow& row) {
      keys.push_back(row.key);
      return true;
    }));
    return keys;
  }
  static std::map<std::string, int64_t> counts(const TableSnapshot& snapshot, size_t index = 0) {
    std::map<std::string, int64_t> counts;
    const auto found = snapshot.counts(index);
    for (const auto& [json, count] : found.value()) counts[json] = count;
    return counts;
  }
  static Lookup find(const FilledTable& table, const std::string& key) {
    return table.find(key, Reach::kMemory).value();
  }

  schema_registry::testing::MemoryRegistry registry_;
  int64_t now_ms_ = 1'700'000'000'000;
};

TEST_F(StoredTableTest, ShowsTheLastRecordOfAKey) {
  FilledTable table(registry_, options());
  table.put("a", value("QUEUED"));
  const Position second = table.put("a", value("RUNNING"));
  const Lookup found = find(table, R"("a")");
  ASSERT_EQ(found.state, RowState::kFound);
  EXPECT_EQ(found.row->position, second);
  EXPECT_EQ(status_of(table, *found.row), R"({"status":"RUNNING","at":null})");
  EXPECT_EQ(find(table, R"("b")").state, RowState::kNeverSeen);
  EXPECT_EQ(table.status().rows, 1);
}

TEST_F(StoredTableTest, CountsChangesThatTheTransitionsOfItsSchemaDoNotHave) {
  const char* schema = R"({"type":"record","name":"S","fields":[{"name":"status","type":{"type":"enum","name":"E",
    "symbols":["QUEUED","DONE"],"transitions":{"QUEUED":["DONE"]}}}]})";
  ASSERT_TRUE(registry_.register_schema("s-value", {.schema = schema}, false));
  FilledTable table(registry_, {.table = {.topic = "s"}, .is_restoring = true});
  table.put("a", value("DONE"));
  table.put("a", value("QUEUED"));  // while the table is being read nothing is counted
  table.finish_restore();
  table.put("a", value("DONE"));
  EXPECT_EQ(table.status().impossible_transitions, 0);
  const Position back = table.put("a", value("QUEUED"));
  table.remove("a");
  table.put("a", value("DONE"));
  const TableStatus status = table.status();
  EXPECT_EQ(status.impossible_transitions, 1);
  ASSERT_EQ(status.last_impossible_transitions.size(), 1u);
  EXPECT_EQ(status.last_impossible_transitions[0].position, back);
  EXPECT_EQ(status.last_impossible_transitions[0].key, R"("a")");
  EXPECT_EQ(status.last_impossible_transitions[0].transition.text(),
            "status cannot go from DONE to QUEUED: DONE is final");
}

TEST_F(StoredTableTest, KnowsADeletedKeyAndThePlaceOfItsTombstone) {
  FilledTable table(registry_, options());
  table.put("a", value("QUEUED"));
  const Position tombstone = table.remove("a");
  const Lookup found = find(table, R"("a")");
  EXPECT_EQ(found.state, RowState::kDeleted);
  EXPECT_EQ(found.row->position, tombstone);
  EXPECT_EQ(found.row->value, std::nullopt);
  EXPECT_EQ(table.status().rows, 0);
  EXPECT_THAT(keys_of(*table.snapshot()), IsEmpty());
}

TEST_F(StoredTableTest, ForgetsATombstoneWhenTheTopicMayHaveDoneSo) {
  FilledTable table(registry_, options());
  table.put("a", value("QUEUED"));
  table.remove("a");
  const auto due = table.expire();
  ASSERT_TRUE(due && *due);
  now_ms_ = **due - 1;
  ASSERT_TRUE(table.expire());
  EXPECT_EQ(find(table, R"("a")").state, RowState::kDeleted);
  now_ms_ += 1;
  ASSERT_TRUE(table.expire());
  EXPECT_EQ(find(table, R"("a")").state, RowState::kNeverSeen);
}

TEST_F(StoredTableTest, KeepsATombstoneWhileAnotherRecordOfTheKeyLives) {
  FilledTable table(registry_, options());
  const std::string bytes = *table.typed()->write_value(value("OLD"));
  table.add(0, table.key_bytes("a"), bytes);
  table.add(1, table.key_bytes("a"), std::nullopt);
  now_ms_ += int64_t{400} * 86'400'000;
  ASSERT_TRUE(table.expire());
  EXPECT_EQ(find(table, R"("a")").state, RowState::kDeleted);
}

TEST_F(StoredTableTest, AKeyThatWasNotSeenMayComeWhileTheTableIsRestored) {
  FilledTableOptions restoring = options();
  restoring.is_restoring = true;
  FilledTable table(registry_, restoring);
  table.put("a", value("QUEUED"));
  EXPECT_EQ(find(table, R"("a")").state, RowState::kFound);
  EXPECT_EQ(find(table, R"("b")").state, RowState::kNotYetSeen);
  EXPECT_TRUE(table.status().is_restoring);
  EXPECT_FALSE(table.snapshot()->is_complete());
  EXPECT_EQ(table.status().restored, 1);
  EXPECT_EQ(table.status().to_restore, 3'000'000);
  table.finish_restore();
  EXPECT_EQ(find(table, R"("b")").state, RowState::kNeverSeen);
  EXPECT_FALSE(table.status().is_restoring);
}

TEST_F(StoredTableTest, ARecordThatDoesNotDecodeHidesNothing) {
  FilledTable table(registry_, options());
  const Position good = table.put("a", value("QUEUED"));
  const Position bad = table.add(0, table.key_bytes("a"), "\0\0\0\0\1no"s);
  EXPECT_EQ(find(table, R"("a")").row->position, good);
  const TableStatus status = table.status();
  EXPECT_EQ(status.unreadable, 1);
  ASSERT_EQ(status.last_unreadable.size(), 1u);
  EXPECT_EQ(status.last_unreadable[0].position, bad);
  EXPECT_THAT(table.positions().offsets, Contains(Pair(bad.partition, bad.offset)));
  for (int i = 0; i < 150; ++i) table.add(0, std::nullopt, "x");
  EXPECT_EQ(table.status().unreadable, 151);
  EXPECT_EQ(table.status().last_unreadable.size(), 100u);
}

TEST_F(StoredTableTest, CountsKeysWithSeveralLiveRecords) {
  FilledTable table(registry_, options());
  const std::string bytes = *table.typed()->write_value(value("X"));
  table.add(0, table.key_bytes("a"), bytes);
  table.add(1, table.key_bytes("a"), bytes);
  EXPECT_EQ(table.status().duplicates, 1);
  table.add(0, table.key_bytes("a"), std::nullopt);
  EXPECT_EQ(table.status().duplicates, 0);
}

TEST_F(StoredTableTest, SnapshotsAreListedByKeyFromAPlaceOnInBothDirections) {
  FilledTable table(registry_, options());
  for (const char* key : {"b", "a", "d", "c"}) table.put(key, value("X"));
  table.remove("d");
  const auto snapshot = table.snapshot();
  table.put("e", value("LATER"));
  EXPECT_THAT(keys_of(*snapshot), ElementsAre(R"("a")", R"("b")", R"("c")"));
  EXPECT_THAT(keys_of(*snapshot, R"("a")"), ElementsAre(R"("b")", R"("c")"));
  EXPECT_THAT(keys_of(*snapshot, {}, true), ElementsAre(R"("c")", R"("b")", R"("a")"));
  EXPECT_THAT(keys_of(*snapshot, R"("c")", true), ElementsAre(R"("b")", R"("a")"));
  EXPECT_EQ(snapshot->rows(), 3);
  EXPECT_EQ(snapshot->find(R"("e")")->state, RowState::kNeverSeen);
}

TEST_F(StoredTableTest, IndexesAndCountersFollowEveryChange) {
  FilledTable table(registry_, options({"status"}));
  table.put("a", value("QUEUED"));
  table.put("b", value("QUEUED"));
  table.put("c", value("RUNNING"));
  EXPECT_THAT(counts(*table.snapshot()), ElementsAre(Pair(R"("QUEUED")", 2), Pair(R"("RUNNING")", 1)));
  table.put("a", value("RUNNING"));
  table.remove("b");
  EXPECT_THAT(counts(*table.snapshot()), ElementsAre(Pair(R"("RUNNING")", 2)));
  std::vector<std::string> keys;
  ASSERT_TRUE(table.snapshot()->for_each_indexed(0, {}, false, std::nullopt, [&](std::string_view, const LiveRow& row) {
    keys.push_back(row.key);
    return true;
  }));
  EXPECT_THAT(keys, ElementsAre(R"("a")", R"("c")"));
}

TEST_F(StoredTableTest, AFieldThatIsNotThereIsAnErrorWithTheNearestName) {
  const auto schema = TableSchema::open(registry_, {.topic = "t", .indexes = {"statsu"}});
  ASSERT_FALSE(schema);
  EXPECT_THAT(schema.error().message, HasSubstr("status"));
}

TEST_F(StoredTableTest, ThoseWhoFollowAreToldBeforeAndAfter) {
  FilledTable table(registry_, options());
  table.put("a", value("QUEUED"));
  const LiveTable::WatchStart start = table.start_watch();
  EXPECT_THAT(keys_of(*start.snapshot), ElementsAre(R"("a")"));
  int calls = 0;
  const auto listener = table.changes().add_listener([&] { ++calls; });
  const Position at = table.put("a", value("RUNNING"));
  table.remove("a");
  table.remove("a");  // nothing changes
  EXPECT_EQ(calls, 2);
  const auto changes = table.changes().read(start.next, 10);
  ASSERT_TRUE(changes);
  ASSERT_EQ(changes->size(), 2u);
  EXPECT_EQ(status_of(table, *(*changes)[0].before), R"({"status":"QUEUED","at":null})");
  EXPECT_EQ((*changes)[0].after->position, at);
  EXPECT_EQ((*changes)[0].cause, at);
  EXPECT_EQ((*changes)[1].before->position, at);
  EXPECT_EQ((*changes)[1].after->value, std::nullopt);
  table.changes().remove_listener(listener);
}

TEST_F(StoredTableTest, AChangeIsCausedByTheRecordThatWasReadAlsoWhereAnotherOneShowsThen) {
  FilledTable table(registry_, options());
  const std::string key = table.key_bytes("a"), bytes = *table.typed()->write_value(value("X"));
  const Position first = table.add(0, key, bytes, 100);
  table.add(1, key, bytes, 200);
  const auto next = table.changes().end();
  const Position cause = table.add(1, key, bytes, 50);
  const auto changes = table.changes().read(next, 10);
  ASSERT_EQ(changes->size(), 1u);
  EXPECT_EQ(changes->front().cause, cause);
  EXPECT_EQ(changes->front().after->position, first);
}

TEST_F(StoredTableTest, TellsWhenAPositionWasRead) {
  FilledTable table(registry_, options());
  const auto deadline = steady_clock::now() + std::chrono::hours(1);
  std::vector<std::string> told;
  const auto wait = [&](const std::string& text) {
    table.when_read(*parse_position_set(text), deadline,
                    [&told, text](bool is_read) { told.push_back(text + (is_read ? " read" : " not read")); });
  };
  wait("t-0-1");
  wait("t-0-0,1-0");
  wait("u-0-0");
  EXPECT_THAT(told, ElementsAre("u-0-0 not read"));
  const std::string bytes = *table.typed()->write_value(value("X"));
  table.add(0, "a", bytes);
  EXPECT_EQ(told.size(), 1u);
  table.add(1, "b", bytes);
  EXPECT_EQ(told.back(), "t-0-0,1-0 read");
  table.add(0, "a", bytes);
  EXPECT_EQ(told.back(), "t-0-1 read");
  wait("t-0-1");
  EXPECT_EQ(told.size(), 4u);
  wait("t-2-5");
  table.stop();
  EXPECT_EQ(told.back(), "t-2-5 not read");
  wait("t-2-5");
  EXPECT_EQ(told.size(), 6u);
}

TEST_F(StoredTableTest, TellsAtTheDeadlineThatAPositionWasNotRead) {
  FilledTable table(registry_, options());
  std::atomic<int> told = 0;
  table.when_read(*parse_position_set("t-0-1"), steady_clock::now(), [&](bool is_read) {
    told = is_read ? 1 : 2;
    told.notify_all();
  });
  told.wait(0);
  EXPECT_EQ(told, 2);
}

TEST_F(StoredTableTest, ARowWhoseTtlIsOverIsDeletedForReadersAndWatchers) {
  FilledTableOptions with_ttl = options({"status"});
  with_ttl.table.ttl = TimeToLive{.duration = std::chrono::hours(1), .field = "at"};
  FilledTable table(registry_, with_ttl);
  table.put("a", R"({"status":"OLD","at":"2023-11-14T22:13:20Z"})");  // 1'700'000'000'000
  table.put("b", value("FOR EVER"));
  now_ms_ += 3'600'000 - 1;
  ASSERT_TRUE(table.expire());
  EXPECT_EQ(find(table, R"("a")").state, RowState::kFound);
  const LiveTable::WatchStart start = table.start_watch();
  now_ms_ += 1;
  EXPECT_EQ(find(table, R"("a")").state, RowState::kDeleted);  // also before anybody did something about it
  EXPECT_THAT(keys_of(*table.snapshot()), ElementsAre(R"("b")"));
  ASSERT_TRUE(table.expire());
  EXPECT_EQ(find(table, R"("a")").state, RowState::kDeleted);
  EXPECT_THAT(counts(*table.snapshot()), ElementsAre(Pair(R"("FOR EVER")", 1)));
  EXPECT_EQ(table.status().rows, 1);
  const auto changes = table.changes().read(start.next, 10);
  ASSERT_EQ(changes->size(), 1u);
  EXPECT_TRUE(changes->front().is_expiry);
  EXPECT_EQ(changes->front().after->key, R"("a")");
  EXPECT_EQ(changes->front().after->value, std::nullopt);
  EXPECT_THAT(keys_of(*start.snapshot), ElementsAre(R"("a")", R"("b")"));

  table.put("a", value("NEW"));
  EXPECT_EQ(find(table, R"("a")").state, RowState::kFound);
  EXPECT_EQ(table.status().rows, 2);
}

TEST_F(StoredTableTest, AHiddenRowIsForgottenLaterAsATombstoneIs) {
  FilledTableOptions with_ttl = options();
  with_ttl.table.ttl = TimeToLive{.duration = std::chrono::hours(1)};
  FilledTable table(registry_, with_ttl);
  table.put("a", value("X"));
  now_ms_ += 3'600'000 + 1'000;
  ASSERT_TRUE(table.expire());
  table.remove("a");
  EXPECT_EQ(find(table, R"("a")").state, RowState::kDeleted);
  table.put("b", value("X"));
  now_ms_ += 2 * 3'600'000;
  ASSERT_TRUE(table.expire());
  EXPECT_EQ(find(table, R"("b")").state, RowState::kDeleted);
  now_ms_ += 2 * 86'400'000;
  ASSERT_TRUE(table.expire());
  EXPECT_EQ(find(table, R"("a")").state, RowState::kNeverSeen);
  EXPECT_EQ(find(table, R"("b")").state, RowState::kNeverSeen);
}

TEST_F(StoredTableTest, ATableThatCatchesUpIsNoYoungerThanWhenItStopped) {
  FilledTableOptions restoring = options();
  restoring.is_restoring = true;
  FilledTable table(registry_, restoring);
  table.put("a", value("X"));
  const int64_t began_ms = now_ms_;
  now_ms_ += 50'000;
  table.put("a", value("Y"));
  EXPECT_EQ(StoredTable::current_at_ms(*table.store()), began_ms);
  table.finish_restore();
  table.put("a", value("Z"));
  EXPECT_EQ(StoredTable::current_at_ms(*table.store()), now_ms_);
  now_ms_ += 1'000;
  table.put("a", value("Z"));
  EXPECT_EQ(StoredTable::current_at_ms(*table.store()), now_ms_ - 1'000);  // it is not noted each time
  now_ms_ += 4'000'000;
  ASSERT_TRUE(table.note_if_current());
  EXPECT_EQ(StoredTable::current_at_ms(*table.store()), now_ms_);
}

TEST_F(StoredTableTest, LagsSinceItIsKnownThatThereIsMore) {
  FilledTable table(registry_, options());
  EXPECT_EQ(table.status().lag.count(), 0);
  table.fall_behind(0, 5);
  const TableStatus status = table.status();
  EXPECT_EQ(status.partitions[0].next_offset, 0);
  EXPECT_EQ(status.partitions[0].end_offset, 5);
  table.on_partition_end(0, 5);
  EXPECT_EQ(table.status().lag.count(), 0);
}

TEST_F(StoredTableTest, AnEndThatWasSeenBeforeLaterRecordsDoesNotTakeThemBack) {
  FilledTable table(registry_, options());
  const Position at = table.put("a", value("X"));
  table.put("a", value("Y"));
  table.on_partition_end(at.partition, at.offset + 1);
  EXPECT_EQ(table.next_offsets().at(at.partition), at.offset + 2);
  EXPECT_EQ(table.positions().offsets.at(at.partition), at.offset + 1);
}

TEST_F(StoredTableTest, WhatIsNotInMemoryIsAskedForAgain) {
  FilledTable table(registry_, options());
  table.put("a", value("X"));
  table.keep_nothing_in_memory();
  const auto found = table.find(R"("a")", Reach::kMemory);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(table.find(R"("a")", Reach::kDisk)->state, RowState::kFound);
}

}  // namespace
}  // namespace omashu::table
