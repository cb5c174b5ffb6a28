// Compaction against a model: random keyed writes, deletes, compactions, restarts and crashes from fixed seeds,
// compared with a map of what each key was last given.
//
// Whatever happened, the log read from its start gives: for each key the value of the map, or, where the key was
// deleted, nothing or a tombstone; of every offset the record that was written there, or none; growing offsets. Nothing
// that was said to be on the disk is older than what is found.

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <random>

#include "broker/log/compression.h"
#include "broker/log/testing/memory_log_fixture.h"

namespace omashu::broker {
namespace {

struct Written {
  std::string key;
  std::optional<std::string> value;
};

class CompactionModel : public MemoryLogFixture {
 public:
  explicit CompactionModel(unsigned seed) : random_(seed) {
    config.is_compacted = true;
    config.is_deleted = false;
    config.segment_bytes = 1500;
    config.index_interval_bytes = 200;
    config.delete_retention_ms = 500;
    open();
  }
  void TestBody() override {}

  void step() {
    now_ms += uniform(50);
    switch (uniform(20)) {
      case 0: compact(); break;
      case 1: (void)log().maintain(now_ms); break;
      case 2:
        if (const auto flushed = log().flush()) durable_ = *flushed;
        break;
      case 3:
        if (log().close()) durable_ = end_;
        open();
        break;
      default: write_batch(); break;
    }
  }

  void kill() {
    disk.kill_process();
    open();
    find_end(end_);
  }
  void lose_power() {
    disk.lose_power(random_);
    open();
    find_end(durable_);
    // Behind what was said to be on the disk, some batches may be there and others not.
    for (const OffsetRange& lost : take_lost_offsets()) {
      ASSERT_GE(lost.first, durable_);
      written_.erase(written_.lower_bound(lost.first), written_.upper_bound(lost.last));
    }
  }

  void check() {
    std::map<std::string, std::optional<std::string>> found;
    Offset previous = kNoOffset;
    for (const auto& [offset, record] : read_all()) {
      ASSERT_GT(offset, previous);
      previous = offset;
      const auto written = written_.find(offset);
      ASSERT_NE(written, written_.end()) << offset;
      ASSERT_EQ(record.key, written->second.key);
      ASSERT_EQ(record.value, written->second.value);
      found[record.key] = record.value;
    }
    std::map<std::string, std::optional<std::string>> expected;
    for (const auto& [offset, record] : written_) expected[record.key] = record.value;
    for (const auto& [key, value] : expected) {
      if (value) {
        ASSERT_TRUE(found.contains(key)) << key;
        ASSERT_EQ(found[key], value) << key;
      } else {
        ASSERT_FALSE(found.contains(key) && found[key]) << key << " came back";
      }
    }
  }

  // Until all that is left is what must be: one record for each key that was not deleted.
  void compact_all() {
    for (int i = 0; i < 3; ++i) {
      now_ms += 1000;
      write("last", fmt::format("{}", i), Compression::kNone);
      config.segment_ms = 0;
      log().set_config(config);
      EXPECT_TRUE(log().maintain(now_ms));
      while (!log().compact({.now_ms = now_ms, .max_map_bytes = 1}).value().is_complete) {
      }
    }
  }
  size_t size() { return read_all().size(); }
  size_t live_keys() const {
    std::map<std::string, bool> is_live;
    for (const auto& [offset, record] : written_) is_live[record.key] = record.value.has_value();
    return static_cast<size_t>(std::ranges::count_if(is_live, [](const auto& key) { return key.second; }));
  }

 private:
  int64_t uniform(int64_t bound) { return static_cast<int64_t>(random_() % static_cast<uint64_t>(bound)); }

  void compact() {
    // A small map, so that it takes several rounds now and then.
    (void)log().compact({.now_ms = now_ms, .max_map_bytes = 1});
  }

  void write_batch() {
    std::vector<Written> records;
    for (int64_t i = 1 + uniform(5); i > 0; --i) {
      Written record{fmt::format("key {}", uniform(uniform(4) == 0 ? 600 : 12)), std::nullopt};
      if (uniform(4) != 0)
        record.value = fmt::format("{}{}", ++count_, std::string(static_cast<size_t>(uniform(60)), '.'));
      records.push_back(std::move(record));
    }
    write(records, static_cast<Compression>(uniform(5)));
  }
  void write(const std::string& key, const std::string& value, Compression compression) {
    write({Written{key, value}}, compression);
  }

  void write(const std::vector<Written>& records, Compression compression) {
    RecordBatchBuilder builder(now_ms);
    for (const Written& record : records) builder.add(record.key, record.value, now_ms);
    const std::string plain = builder.build();
    RecordBatchHeader header = RecordBatchView::parse(plain)->header;
    header.attributes = static_cast<int16_t>(compression);
    for (size_t i = 0; i < records.size(); ++i) written_[end_ + static_cast<int64_t>(i)] = records[i];
    const auto result =
        append_batch(build_batch(header, *compress(compression, RecordBatchView::parse(plain)->records())));
    if (result.error == KafkaError::kNone) {
      end_ = result.last_offset + 1;
    } else {
      written_.erase(written_.lower_bound(end_), written_.end());  // when this test stops the disk, nothing is written
    }
  }

  void find_end(Offset at_least) {
    const auto offsets = log().offsets();
    ASSERT_TRUE(offsets) << offsets.error().message;
    ASSERT_EQ(offsets->log_start_offset, Offset{0});
    ASSERT_GE(offsets->log_end_offset, at_least);
    ASSERT_LE(offsets->log_end_offset, end_);
    end_ = offsets->log_end_offset;
    durable_ = std::min(durable_, end_);
    written_.erase(written_.lower_bound(end_), written_.end());
  }

  std::map<Offset, Written> read_all() {
    std::map<Offset, Written> records;
    const Offset end = log().offsets()->log_end_offset;
    for (Offset offset{0}; offset < end;) {
      const std::string bytes = bytes_of(log().read(offset, {.max_bytes = 2000, .min_one_batch = true}));
      if (bytes.empty()) break;
      std::string_view rest = bytes;
      while (const auto batch = RecordBatchView::parse(rest)) {
        EXPECT_TRUE(batch->has_valid_crc());
        EXPECT_GE(batch->header.last_offset(), offset);
        add_records(*batch, records);
        offset = batch->header.next_offset();
        rest.remove_prefix(batch->bytes.size());
      }
    }
    return records;
  }

  static void add_records(const RecordBatchView& batch, std::map<Offset, Written>& records) {
    std::string buffer;
    const auto decompressed = read_records(batch, buffer);
    ASSERT_TRUE(decompressed);
    RecordReader reader(*decompressed, batch.header.records_count);
    while (const RecordView* record = reader.next()) {
      Written& written = records[batch.header.offset_of(record->offset_delta)];
      written.key = record->key.value();
      if (record->value) written.value = *record->value;
    }
    ASSERT_FALSE(reader.is_corrupt());
  }

  std::mt19937 random_;
  std::map<Offset, Written> written_;  // by offset
  Offset end_{0};
  Offset durable_{0};
  int count_ = 0;
};

class EachSeed : public testing::TestWithParam<unsigned> {};

TEST_P(EachSeed, WithRestartsTheLogSaysWhatTheMapSays) {
  CompactionModel model(GetParam());
  for (int round = 0; round < 20 && !testing::Test::HasFatalFailure(); ++round) {
    for (int i = 0; i < 60; ++i) model.step();
    model.check();
  }
  model.compact_all();
  model.check();
  EXPECT_EQ(model.size(), model.live_keys());
}

TEST_P(EachSeed, WhereverItIsKilled) {
  CompactionModel model(GetParam());
  std::mt19937 random(GetParam());
  for (int round = 0; round < 40 && !testing::Test::HasFatalFailure(); ++round) {
    model.disk.stop_after(1 + static_cast<int64_t>(random() % 200));
    while (!model.disk.has_stopped()) model.step();
    model.kill();
    model.check();
  }
  model.compact_all();
  model.check();
  EXPECT_EQ(model.size(), model.live_keys());
}

TEST_P(EachSeed, WhereverPowerIsLost) {
  CompactionModel model(GetParam());
  std::mt19937 random(GetParam());
  for (int round = 0; round < 40 && !testing::Test::HasFatalFailure(); ++round) {
    model.disk.stop_after(1 + static_cast<int64_t>(random() % 200));
    while (!model.disk.has_stopped()) model.step();
    model.lose_power();
    model.check();
  }
  model.compact_all();
  model.check();
  EXPECT_EQ(model.size(), model.live_keys());
}

INSTANTIATE_TEST_SUITE_P(Compaction, EachSeed, testing::Range(1u, 9u));

}  // namespace
}  // namespace omashu::broker
