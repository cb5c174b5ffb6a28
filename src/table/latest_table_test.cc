#include "table/latest_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace omashu::table {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A record of the key "k"; `bytes` tells its encodings apart.
struct OwnedRecord {
  std::string bytes;
  std::optional<std::string> value;
  Position position;
  int64_t timestamp_ms = -1;

  operator Record() const {
    return {.key_bytes = bytes, .key = "\"k\"", .value = value, .position = position, .timestamp_ms = timestamp_ms};
  }
};

OwnedRecord record(std::string bytes, std::optional<std::string> value, int partition, int64_t offset,
                   int64_t timestamp_ms) {
  return {.bytes = std::move(bytes),
          .value = std::move(value),
          .position = {partition, offset},
          .timestamp_ms = timestamp_ms};
}

std::vector<Row> rows_of(const LatestTable& table) {
  std::vector<Row> rows;
  table.for_each_row_by_key([&](const Row& row) {
    rows.push_back(row);
    return true;
  });
  return rows;
}

std::string shown(const LatestTable& table) {
  const auto row = table.find("\"k\"");
  if (!row) return "never seen";
  return std::string(row->value.value_or("deleted"));
}

TEST(LatestTable, KeepsTheLastRecordOfAKey) {
  LatestTable table;
  EXPECT_TRUE(table.apply(record("a", "1", 0, 0, 100)));
  EXPECT_TRUE(table.apply(record("a", "2", 0, 1, 50)));  // a clock that went back does not matter within a partition
  EXPECT_EQ(shown(table), "2");
  EXPECT_EQ(table.size(), 1u);
  EXPECT_THAT(table.duplicates(), IsEmpty());
}

TEST(LatestTable, ATombstoneDeletesTheRow) {
  LatestTable table;
  table.apply(record("a", "1", 0, 0, 100));
  EXPECT_TRUE(table.apply(record("a", std::nullopt, 0, 1, 101)));
  EXPECT_EQ(shown(table), "deleted");
  EXPECT_THAT(rows_of(table), IsEmpty());
  EXPECT_EQ(table.size(), 0u);
  EXPECT_FALSE(table.apply(record("a", std::nullopt, 0, 2, 102)));  // nothing was there to delete
  EXPECT_TRUE(table.apply(record("a", "2", 0, 3, 103)));
  EXPECT_EQ(shown(table), "2");
}

TEST(LatestTable, TwoEncodingsOfAKeyAreOneRow) {
  LatestTable table;
  table.apply(record("a", "1", 0, 0, 100));
  table.apply(record("b", "2", 0, 1, 101));
  EXPECT_EQ(shown(table), "2");
  EXPECT_EQ(table.size(), 1u);
  const auto duplicates = table.duplicates();
  ASSERT_EQ(duplicates.size(), 1u);
  EXPECT_EQ(duplicates[0].key, "\"k\"");
  EXPECT_THAT(duplicates[0].positions, ElementsAre(Position{0, 1}, Position{0, 0}));
}

TEST(LatestTable, BetweenPartitionsTheLaterTimestampWins) {
  LatestTable table;
  table.apply(record("b", "new", 1, 0, 200));
  EXPECT_FALSE(table.apply(record("a", "old", 0, 7, 100)));
  EXPECT_EQ(shown(table), "new");
  EXPECT_TRUE(table.apply(record("a", "newer", 0, 8, 201)));
  EXPECT_EQ(shown(table), "newer");
  EXPECT_TRUE(table.apply(record("b", "as new", 1, 1, 201)));  // at equal timestamps the higher partition
  EXPECT_EQ(shown(table), "as new");
}

TEST(LatestTable, ATombstoneOfOneEncodingDeletesTheKey) {
  LatestTable table;
  table.apply(record("a", "1", 0, 0, 100));
  EXPECT_TRUE(table.apply(record("b", std::nullopt, 1, 0, 101)));
  EXPECT_EQ(shown(table), "deleted");
  EXPECT_EQ(table.size(), 0u);
  EXPECT_TRUE(table.apply(record("a", "2", 0, 1, 102)));
  EXPECT_EQ(shown(table), "2");
}

TEST(LatestTable, AnOlderTombstoneOfAnotherEncodingHidesNothing) {
  LatestTable table;
  table.apply(record("a", "1", 0, 0, 100));
  EXPECT_FALSE(table.apply(record("b", std::nullopt, 1, 0, 99)));
  EXPECT_EQ(shown(table), "1");
  EXPECT_THAT(table.duplicates(), IsEmpty());
}

TEST(LatestTable, AWinnerThatIsReplacedByAnOlderTimestampGivesWay) {
  LatestTable table;
  table.apply(record("a", "p0", 0, 0, 100));
  table.apply(record("b", "p1", 1, 0, 70));
  EXPECT_EQ(shown(table), "p0");
  EXPECT_TRUE(table.apply(record("a", "p0 again", 0, 1, 50)));
  EXPECT_EQ(shown(table), "p1");
}

TEST(LatestTable, ARecordThatWasOutdoneInItsPartitionBeatsNoOther) {
  LatestTable table;
  table.apply(record("a", "p0", 0, 0, 100));
  table.apply(record("b", "p1", 1, 0, 70));
  EXPECT_TRUE(table.apply(record("c", "p0 again", 0, 1, 50)));
  EXPECT_EQ(shown(table), "p1") << "of partition 0 the later record counts, whose timestamp is 50";
}

TEST(LatestTable, RecordsReadTwiceChangeNothing) {
  LatestTable table;
  table.apply(record("a", "1", 0, 5, 100));
  EXPECT_FALSE(table.apply(record("a", "1", 0, 5, 100)));
  EXPECT_FALSE(table.apply(record("a", "0", 0, 4, 100)));
  EXPECT_EQ(shown(table), "1");
}

TEST(LatestTable, TheOrderInWhichPartitionsAreReadDoesNotMatter) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::vector<OwnedRecord>> partitions(3);
    for (int i = 0; i < 12; ++i) {
      const int partition = static_cast<int>(random() % 3);
      auto value = random() % 4 == 0 ? std::nullopt : std::optional(std::to_string(i));
      partitions[partition].push_back(record(random() % 2 == 0 ? "a" : "b", std::move(value), partition,
                                             static_cast<int64_t>(partitions[partition].size()), random() % 5));
    }
    const auto read = [&](std::vector<size_t> order) {
      LatestTable table;
      for (const size_t partition : order) {
        for (const OwnedRecord& one : partitions[partition]) table.apply(one);
      }
      return shown(table) + " " + std::to_string(table.size());
    };
    const std::string expected = read({0, 1, 2});
    EXPECT_EQ(read({2, 1, 0}), expected);
    EXPECT_EQ(read({1, 0, 2}), expected);
  }
}

TEST(LatestTable, RowsComeByKey) {
  LatestTable table;
  for (const char* key : {"c", "a", "b"}) {
    table.apply({.key_bytes = key, .key = key, .value = "1", .position = {0, key[0]}, .timestamp_ms = 0});
  }
  std::vector<std::string> keys;
  for (const Row& row : rows_of(table)) keys.emplace_back(row.key);
  EXPECT_THAT(keys, ElementsAre("a", "b", "c"));
  int visited = 0;
  table.for_each_row_by_key([&](const Row&) { return ++visited < 2; });
  EXPECT_EQ(visited, 2) << "no more than were asked for";
}

TEST(LatestTable, KeepsManyRowsApartAndInOrder) {
  LatestTable table;
  std::mt19937 random(11);
  std::map<std::string, std::string> expected;
  for (int i = 0; i < 50'000; ++i) {
    const std::string key = "{\"id\":\"" + std::to_string(random() % 9'000) + "\"}";
    const std::string value(random() % 40, static_cast<char>('a' + i % 26));
    const bool is_tombstone = random() % 5 == 0;
    table.apply({.key_bytes = key,
                 .key = key,
                 .value = is_tombstone ? std::nullopt : std::optional<std::string_view>(value),
                 .position = {0, i},
                 .timestamp_ms = 0});
    if (is_tombstone) {
      expected.erase(key);
    } else {
      expected[key] = value;
    }
  }
  EXPECT_EQ(table.size(), expected.size());
  std::vector<std::pair<std::string, std::string>> rows;
  for (const Row& row : rows_of(table)) rows.emplace_back(row.key, *row.value);
  EXPECT_EQ(rows, (std::vector<std::pair<std::string, std::string>>(expected.begin(), expected.end())));
  size_t visited = 0;
  table.for_each_row([&](const Row& row) { visited += expected.at(std::string(row.key)) == *row.value ? 1 : 0; });
  EXPECT_EQ(visited, expected.size());
}

}  // namespace
}  // namespace omashu::table
