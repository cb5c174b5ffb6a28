// Damages each file of a partition's folder in ten ways, after a clean stop and after SIGKILL, from fixed seeds, and
// compares with what was acknowledged: each record is served as it was, or its offset is reported to be lost, or
// compaction has taken it because its key has a later one; no offset is given out again; whoever reads on gets to the
// end.
//
// OMASHU_DAMAGE_ROUNDS is the number of rounds for each way to stop, 400 without it.

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>
#include <tuple>

#include "broker/log/testing/damage.h"
#include "broker/log/testing/memory_log_fixture.h"

namespace omashu::broker {
namespace {

class DamageModel : public MemoryLogFixture {
 public:
  DamageModel(unsigned seed, bool is_compacted) : random_(seed) {
    config.is_compacted = is_compacted;
    config.min_cleanable_dirty_ratio = 0;
    config.segment_bytes = 2000;
    config.index_interval_bytes = 200;
    open();
  }
  void TestBody() override {}

  void write_log() {
    for (int64_t i = 20 + uniform(100); i > 0; --i) {
      now_ms += uniform(20);
      switch (uniform(20)) {
        case 0: ASSERT_TRUE(log().flush()); break;
        case 1:
          now_ms += uniform(2) * 30'000;
          ASSERT_TRUE(log().maintain(now_ms));
          break;
        case 2:
          if (uniform(4) == 0) delete_some();
          if (config.is_compacted) compact();
          break;
        case 3:
          if (uniform(4) == 0) reopen_cleanly();
          break;
        default: append_some(); break;
      }
    }
  }

  void stop(bool is_clean) {
    is_clean_ = is_clean;
    if (is_clean) {
      ASSERT_TRUE(log().close());
    }
  }

  std::string damage_a_file() {
    const auto names = files_with("");
    const std::string name = names[random_() % names.size()];
    const auto how = kAllDamages[static_cast<size_t>(uniform(kAllDamages.size()))];
    const bool is_newest = name == files_with(".log").back();
    // Cut at the end of a batch, what was not known to be on the disk is as if it had never been written.
    may_lose_end_ = !is_clean_ && is_newest && (how == Damage::kTruncate || how == Damage::kEmpty);
    EXPECT_TRUE(damage_file(disk, folder() + "/" + name, how, random_));
    return fmt::format("{} damaged in way {}", name, static_cast<int>(how));
  }

  void check() {
    open();
    const auto offsets = log().offsets();
    ASSERT_TRUE(offsets) << offsets.error().message;
    read_all(*offsets);
    const auto lost = take_lost_offsets();
    for (const auto& [offset, record] : acknowledged_) {
      if (offset < deleted_ || served_.contains(offset)) continue;
      if (config.is_compacted && latest_[record.key] > offset) continue;
      const bool is_reported =
          std::ranges::any_of(lost, [&](const OffsetRange& range) { return range.contains(offset); });
      ASSERT_TRUE(is_reported || (may_lose_end_ && offset >= offsets->log_end_offset)) << offset;
    }
    check_times();
    const AppendResult appended = append_batch(RecordBatchBuilder(now_ms).add("k", "after", now_ms).build());
    ASSERT_EQ(appended.error, KafkaError::kNone) << appended.message;
    ASSERT_EQ(appended.base_offset, offsets->log_end_offset);
    if (is_clean_) {
      ASSERT_GE(appended.base_offset, end_);
    }
    ASSERT_FALSE(served_.contains(appended.base_offset));
    check_that_it_is_mended();
  }

 private:
  struct Record {
    std::string key, value;
    int64_t timestamp = 0;
  };

  int64_t uniform(int64_t bound) { return static_cast<int64_t>(random_() % static_cast<uint64_t>(bound)); }

  void append_some() {
    RecordBatchBuilder builder(now_ms);
    std::vector<Record> records;
    for (int64_t i = 1 + uniform(3); i > 0; --i) {
      const std::string padding(static_cast<size_t>(uniform(150)), '.');
      records.push_back(
          {fmt::format("key {}", uniform(10)), fmt::format("{}{}", ++count_, padding), now_ms + uniform(50)});
      builder.add(records.back().key, records.back().value, records.back().timestamp);
    }
    if (uniform(2) == 0) {
      builder.set_producer(ProducerId{7}, 0, sequence_);
      sequence_ += static_cast<int32_t>(records.size());
    }
    const auto result = append_batch(builder.build());
    ASSERT_EQ(result.error, KafkaError::kNone) << result.message;
    for (const Record& record : records) {
      latest_[record.key] = end_;
      acknowledged_[end_++] = record;
    }
    ASSERT_EQ(result.last_offset + 1, end_);
  }

  void delete_some() {
    deleted_ = std::max(deleted_, Offset{uniform(end_ - Offset{0} + 1)});
    ASSERT_EQ(log().delete_records(deleted_, now_ms).error, KafkaError::kNone);
  }

  void compact() {
    const auto compacted = log().compact({.now_ms = now_ms});
    ASSERT_TRUE(compacted) << compacted.error().message;
  }

  // Each fetch gets on, and gives what was acknowledged.
  void read_all(const LogOffsets& offsets) {
    served_.clear();
    for (Offset offset = offsets.log_start_offset; offset < offsets.log_end_offset;) {
      const ReadResult read = log().read(offset, {.max_bytes = 700, .min_one_batch = true});
      ASSERT_EQ(read.error, KafkaError::kNone) << read.message;
      const Offset before = offset;
      for (const std::string& value : values_of(read, &offset)) {
        const Offset at{std::stoll(value)};
        const auto acknowledged = acknowledged_.find(at);
        ASSERT_NE(acknowledged, acknowledged_.end()) << value;
        ASSERT_EQ(value, fmt::format("{}:{}", at, acknowledged->second.value));
        ASSERT_TRUE(served_.empty() || at > served_.rbegin()->first);
        served_[at] = acknowledged->second;
      }
      ASSERT_GT(offset, before) << "whoever reads on waits for ever";
    }
  }

  void check_times() {
    const Offset start = log().offsets()->log_start_offset;
    for (int i = 0; i < 5; ++i) {
      const int64_t timestamp = now_ms - uniform(3000);
      const auto found = log().offset_for_timestamp(timestamp);
      ASSERT_TRUE(found) << found.error().message;
      const auto expected = std::ranges::find_if(
          served_, [&](const auto& entry) { return entry.first >= start && entry.second.timestamp >= timestamp; });
      ASSERT_EQ(found->has_value(), expected != served_.end()) << timestamp;
      if (*found) {
        ASSERT_EQ((*found)->offset, expected->first) << timestamp;
      }
    }
  }

  // Nothing more is found, nor said, and all is there that was served.
  void check_that_it_is_mended() {
    const auto before = values();
    for (const bool is_clean : {false, true}) {
      if (is_clean) {
        ASSERT_TRUE(log().close());
      }
      open();
      ASSERT_EQ(values(), before);
      // A damaged snapshot stays until there is a newer one.
      std::erase_if(reports, [&](const std::string& report) { return !is_clean && report.contains(".snapshot"); });
      // What was deleted is not read, and may be found damaged later.
      const Offset start = log().offsets()->log_start_offset;
      for (const OffsetRange& range : take_lost_offsets()) ASSERT_LT(range.last, start);
    }
  }

  std::mt19937 random_;
  std::map<Offset, Record> acknowledged_;  // by offset
  std::map<Offset, Record> served_;
  std::map<std::string, Offset> latest_;  // by key
  Offset end_{0};
  Offset deleted_{0};
  int32_t sequence_ = 0;
  int count_ = 0;
  bool is_clean_ = false;
  bool may_lose_end_ = false;
};

unsigned rounds() {
  const char* text = std::getenv("OMASHU_DAMAGE_ROUNDS");
  return text == nullptr ? 400 : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

// Whether the log is stopped cleanly, and whether it is compacted.
class DamagedLog : public testing::TestWithParam<std::tuple<bool, bool>> {};

TEST_P(DamagedLog, ServesWhatHoldsAndSaysWhatIsLost) {
  for (unsigned seed = 1; seed <= rounds() && !HasFatalFailure(); ++seed) {
    const auto [is_clean, is_compacted] = GetParam();
    DamageModel model(seed, is_compacted);
    model.write_log();
    if (model.files_with(".log").empty()) continue;
    model.stop(is_clean);
    const std::string damage = model.damage_a_file();
    SCOPED_TRACE(fmt::format("seed {}, {}", seed, damage));
    model.check();
  }
}

INSTANTIATE_TEST_SUITE_P(AfterACleanStop, DamagedLog, testing::Combine(testing::Values(true), testing::Bool()));
INSTANTIATE_TEST_SUITE_P(AfterAKill, DamagedLog, testing::Combine(testing::Values(false), testing::Bool()));

}  // namespace
}  // namespace omashu::broker
