#include "table/store/row_format.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>

#include "table/latest_table.h"

namespace omashu::table {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::IsEmpty;

struct OwnedRecord {
  std::string key = "\"k\"";
  std::string bytes;
  std::optional<std::string> value;
  Position position;
  int64_t timestamp_ms = -1;

  operator Record() const {
    return {.key_bytes = bytes, .key = key, .value = value, .position = position, .timestamp_ms = timestamp_ms};
  }
};

OwnedRecord record(std::string bytes, std::optional<std::string> value, int partition, int64_t offset,
                   int64_t timestamp_ms) {
  return {.bytes = std::move(bytes),
          .value = std::move(value),
          .position = {partition, offset},
          .timestamp_ms = timestamp_ms};
}

RowUpdate put_record(std::string& row, const Record& of, const RowOptions& options = {}) {
  const auto update = apply_record(row, of, options);
  if (!update) throw std::runtime_error(update.error().message);
  return *update;
}

TEST(RowFormat, ARowOfOneRecordIsAFewBytesAndTheRecord) {
  std::string row;
  EXPECT_EQ(put_record(row, record("key", "value", 2, 300, 1)),
            (RowUpdate{.is_stored = true, .is_changed = true, .live = 1}));
  EXPECT_EQ(row, "\x00\x02\xac\x02\x02\x03keyvalue"s);
  std::string deleted;
  EXPECT_EQ(put_record(deleted, record("key", std::nullopt, 0, 0, -1)), (RowUpdate{.is_stored = true}));
  EXPECT_EQ(deleted, "\x01\x00\x00\x01\x03key"s);
}

TEST(RowFormat, ALaterRecordTakesThePlaceAndRemembersWhereTheEarlierOnesWere) {
  std::string row;
  for (const int64_t offset : {5, 9, 300}) put_record(row, record("a", fmt::format("{}", offset), 1, offset, offset));
  EXPECT_EQ(row,
            "\x04\x01\xac\x02\xd8\x04\x02\xa3\x02\x04\x01"
            "a300"s);
  const auto versions = read_versions(row);
  ASSERT_TRUE(versions);
  ASSERT_EQ(versions->size(), 1u);
  EXPECT_EQ(versions->front().value, "300");
  EXPECT_THAT(versions->front().earlier, ElementsAre(9, 5));

  put_record(row, record("a", "400", 1, 400, 400), {.max_earlier_offsets = 2});
  EXPECT_THAT(read_latest(row)->earlier, ElementsAre(300, 9));
  put_record(row, record("a", "500", 1, 500, 500), {.max_earlier_offsets = 0});
  EXPECT_THAT(read_latest(row)->earlier, IsEmpty());
}

TEST(RowFormat, TheShownVersionStandsFirst) {
  std::string row;
  put_record(row, record("a", "1", 0, 0, 100));
  put_record(row, record("b", "2", 1, 7, 300));
  put_record(row, record("a", "3", 2, 2, 200));
  const auto versions = read_versions(row);
  ASSERT_TRUE(versions);
  std::vector<std::string> values;
  for (const RowVersion& version : *versions) values.emplace_back(*version.value);
  EXPECT_THAT(values, ElementsAre("2", "1", "3"));
  EXPECT_EQ(read_latest(row)->position, (Position{1, 7}));
}

TEST(RowFormat, ARecordThatWasAppliedChangesNothing) {
  std::string row;
  put_record(row, record("a", "1", 0, 3, 100));
  const std::string before = row;
  EXPECT_EQ(put_record(row, record("a", "1", 0, 3, 100)), RowUpdate{});
  EXPECT_EQ(put_record(row, record("a", "0", 0, 2, 900)), RowUpdate{});
  EXPECT_EQ(row, before);
}

TEST(RowFormat, ATombstoneHidesAnOlderRecordOfAnotherEncoding) {
  std::string row;
  put_record(row, record("a", "1", 0, 0, 100));
  EXPECT_EQ(put_record(row, record("b", std::nullopt, 0, 1, 50)),
            (RowUpdate{.is_stored = true, .is_changed = true, .live = -1}));
  EXPECT_EQ(read_latest(row)->value, std::nullopt);
  EXPECT_EQ(read_versions(row)->size(), 2u);
}

TEST(RowFormat, OnlyTombstonesOfLongAgoAreForgettable) {
  std::string row;
  put_record(row, record("a", std::nullopt, 0, 0, 100));
  EXPECT_EQ(is_forgettable(row, 101), true);
  EXPECT_EQ(is_forgettable(row, 100), false);
  put_record(row, record("b", "1", 1, 0, 50));
  EXPECT_EQ(is_forgettable(row, 101), false);
}

// ---- everything that LatestTable does

unsigned seeds() {
  const char* text = std::getenv("OMASHU_ROW_SEEDS");
  return text == nullptr ? 2'000 : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

// Records of some keys in some partitions: in each partition with ascending offsets, and clocks that jump.
std::vector<OwnedRecord> random_records(std::mt19937& random) {
  std::vector<OwnedRecord> records;
  const size_t keys = 1 + random() % 3, partitions = 1 + random() % 4, encodings = 1 + random() % 3;
  std::vector<int64_t> next(partitions, 0);
  for (size_t i = random() % 40; i > 0; --i) {
    const size_t partition = random() % partitions;
    next[partition] += 1 + random() % 3;
    std::optional<std::string> value = fmt::format("v{}", i);
    if (random() % 4 == 0) value.reset();
    OwnedRecord made = record(fmt::format("e{}", random() % encodings), value, static_cast<int>(partition),
                              next[partition], static_cast<int64_t>(random() % 8));
    made.key = fmt::format("k{}", random() % keys);
    records.push_back(std::move(made));
  }
  return records;
}

// The same records in another order that keeps each partition's.
std::vector<OwnedRecord> reordered(const std::vector<OwnedRecord>& records, std::mt19937& random) {
  std::map<kafka::PartitionId, std::vector<OwnedRecord>> parts;
  for (const OwnedRecord& one : records) parts[one.position.partition].push_back(one);
  std::vector<OwnedRecord> mixed;
  while (!parts.empty()) {
    auto part = std::next(parts.begin(), static_cast<ptrdiff_t>(random() % parts.size()));
    mixed.push_back(part->second.front());
    part->second.erase(part->second.begin());
    if (part->second.empty()) parts.erase(part);
  }
  return mixed;
}

using Rows = std::map<std::string, std::string>;

void expect_same_rows(const Rows& rows, const LatestTable& table) {
  std::map<std::string, std::vector<Position>> duplicates;
  for (const auto& [key, row] : rows) {
    const auto versions = read_versions(row);
    ASSERT_TRUE(versions);
    const RowVersion& shown = versions->front();
    const auto expected = table.find(key);
    ASSERT_TRUE(expected);
    EXPECT_EQ(shown.value, expected->value);
    EXPECT_EQ(shown.position, expected->position);
    EXPECT_EQ(shown.timestamp_ms, expected->timestamp_ms);
    // The shown one is named, also where it is a tombstone.
    std::vector<Position> positions = {shown.position};
    size_t live = 0;
    for (const RowVersion& version : *versions) {
      live += version.value ? 1 : 0;
      if (version.value && version.position != shown.position) positions.push_back(version.position);
    }
    if (live > 1) duplicates[key] = std::move(positions);
  }
  const auto expected = table.duplicates();
  ASSERT_EQ(duplicates.size(), expected.size());
  for (const LatestTable::Duplicate& duplicate : expected) {
    EXPECT_THAT(duplicates[std::string(duplicate.key)], testing::UnorderedElementsAreArray(duplicate.positions));
  }
}

TEST(RowFormat, RowsAreThoseOfLatestTable) {
  for (unsigned seed = 1; seed <= seeds() && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    std::mt19937 random(seed);
    const auto records = random_records(random);
    Rows rows;
    LatestTable table;
    int live = 0;
    for (const OwnedRecord& one : records) {
      const RowUpdate update = put_record(rows[one.key], one);
      ASSERT_EQ(update.is_changed, table.apply(one));
      live += update.live;
      ASSERT_EQ(static_cast<size_t>(live), table.size());
      ASSERT_NO_FATAL_FAILURE(expect_same_rows(rows, table));
    }
    // Whatever the order of partitions is, and where reading went back and forth, the bytes are the same.
    const auto others = reordered(records, random);
    Rows again;
    for (size_t i = 0; i < others.size(); ++i) {
      put_record(again[others[i].key], others[i]);
      for (size_t j = random() % 2 == 0 ? i - random() % (i + 1) : i + 1; j <= i; ++j)
        put_record(again[others[j].key], others[j]);
    }
    ASSERT_EQ(again, rows);
  }
}

// ---- bytes that are no row

TEST(RowFormat, APrefixOfARowIsAnErrorOrAShorterValue) {
  std::string row;
  put_record(row, record("key", "value", 1, 2, 3));
  put_record(row, record("key", "value", 1, 5, 3));
  put_record(row, record("other", std::nullopt, 2, 2, 1));
  for (size_t size = 0; size < row.size(); ++size) EXPECT_FALSE(read_versions(row.substr(0, size))) << size;
  EXPECT_FALSE(read_versions(row + "x"));
}

TEST(RowFormat, TwoVersionsOfOneEncodingAndPartitionAreAnError) {
  EXPECT_TRUE(
      read_versions("\x03\x00\x00\x01\x01"
                    "a\x01\x00\x01\x01\x01"
                    "b"s));
  EXPECT_FALSE(
      read_versions("\x03\x00\x00\x01\x01"
                    "a\x01\x00\x01\x01\x01"
                    "a"s));
  EXPECT_FALSE(
      read_versions("\x03\x00\x00\x01\x01"
                    "a\x03\x00\x01\x01\x01"
                    "c\x01\x00\x02\x01\x01"
                    "b"s));
}

TEST(RowFormat, NumbersThatNoRecordHasAreErrors) {
  const auto is_row = [](std::string_view bytes) { return read_versions(bytes).has_value(); };
  ASSERT_TRUE(is_row("\x01\x00\x00\x01\x00"s));
  EXPECT_FALSE(is_row(""));
  EXPECT_FALSE(is_row("\x09\x00\x00\x01\x00"s));                                      // a flag that there is not
  EXPECT_FALSE(is_row("\x01\x80\x80\x80\x80\x08\x00\x01\x00"s));                      // a partition beyond 31 bits
  EXPECT_FALSE(is_row("\x01\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01\x00"s));  // an offset beyond 63 bits
  EXPECT_FALSE(is_row("\x01\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02\x00"s));  // a number beyond 64 bits
  EXPECT_FALSE(is_row("\x05\x00\x05\x01\x00\x00"s));                                  // earlier ones, and none of them
  EXPECT_FALSE(is_row("\x05\x00\x05\x01\x01\x00\x00"s));  // an earlier one at the same offset
  EXPECT_FALSE(is_row("\x05\x00\x05\x01\x01\x06\x00"s));  // an earlier one before the topic's begin
}

TEST(RowFormat, ARowOfOneRecordIsReadWithoutTheOthers) {
  std::string row;
  ASSERT_TRUE(apply_record(row, {.key_bytes = "k", .key = "k", .value = "1", .position = {0, 7}, .timestamp_ms = 1}));
  const auto only = read_only_version(row);
  ASSERT_TRUE(only && *only);
  EXPECT_EQ((*only)->position, (Position{0, 7}));
  EXPECT_EQ((*only)->value, "1");
  ASSERT_TRUE(apply_record(row, {.key_bytes = "k", .key = "k", .value = "2", .position = {1, 7}, .timestamp_ms = 2}));
  EXPECT_EQ(read_only_version(row).value(), std::nullopt);
  EXPECT_FALSE(read_only_version(""));
}

}  // namespace
}  // namespace omashu::table
