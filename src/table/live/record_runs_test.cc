#include "table/live/record_runs.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace omashu::table {
namespace {

struct Batch {
  std::vector<DecodedRecord> records;
  std::vector<uint32_t> by_key;
};

TEST(RecordRuns, AreMergedByTheirKeysHoweverManyThereAre) {
  std::mt19937 random(1);
  for (size_t count = 0; count < 20; ++count) {
    std::vector<Batch> batches(count);
    std::vector<RecordRun> runs;
    size_t total = 0;
    for (Batch& batch : batches) {
      const size_t size = random() % 10;
      for (uint32_t i = 0; i < size; ++i) {
        DecodedRecord& record = batch.records.emplace_back();
        record.key = fmt::format("{}", random() % 20);
        record.position.offset = static_cast<int64_t>(total++);
        batch.by_key.push_back(i);
      }
      std::ranges::stable_sort(batch.by_key, {}, [&](uint32_t number) { return batch.records[number].key; });
      runs.push_back({.records = batch.records, .by_key = batch.by_key});
    }
    const std::vector<RecordPlace> places = merge_by_key(runs);
    ASSERT_EQ(places.size(), total);
    EXPECT_TRUE(std::ranges::is_sorted(places, {}, &RecordPlace::key));
    std::vector<bool> seen(total);
    for (const RecordPlace& place : places) {
      const DecodedRecord& record = runs[place.run].records[place.number];
      EXPECT_EQ(record.key, place.key);
      seen[static_cast<size_t>(record.position.offset)] = true;
    }
    EXPECT_TRUE(std::ranges::all_of(seen, [](bool is_seen) { return is_seen; }));
  }
}

}  // namespace
}  // namespace omashu::table
