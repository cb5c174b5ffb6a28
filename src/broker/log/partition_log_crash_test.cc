// Processes that are killed and disks that lose power, at random moments, from fixed seeds. Afterwards every record
// that was said to be on the disk is there, offsets are dense but for those that are reported to be lost, and
// idempotent producers find their batches again.
//
// OMASHU_CRASH_SEEDS is the number of seeds, 20 without it.

#include <gtest/gtest.h>

#include <cstdlib>
#include <deque>
#include <map>
#include <set>

#include "broker/log/testing/memory_log_fixture.h"

namespace omashu::broker {
namespace {

class LogCrashTest : public MemoryLogFixture {
 public:
  void set_up(std::mt19937& random) {
    config.segment_bytes = 2000;
    config.index_interval_bytes = 200;
    disk.set_max_bytes_per_call(1 + random() % 900);
    open();
  }

  void step(std::mt19937& random) {
    switch (random() % 16) {
      case 0: flush(); break;
      case 1: (void)log().maintain(now_ms); break;
      case 2: delete_some(random); break;
      case 3:
        if (log().close()) durable_ = kept_ = end_;
        open();
        break;
      default: append_one(random); break;
    }
  }

  // Takes nothing of what was appended, whether it was flushed or not.
  void kill() {
    disk.kill_process();
    kept_ = end_;
  }

  void lose_power(std::mt19937& random) {
    disk.lose_power(random);
    kept_ = durable_;
  }

  // What the log holds against what it was told.
  void check_after_crash() {
    open();
    const auto offsets = log().offsets();
    ASSERT_TRUE(offsets) << offsets.error().message;
    ASSERT_GE(offsets->log_end_offset, kept_);
    ASSERT_GE(offsets->log_start_offset, deleted_);
    std::set<Offset> present;
    for (const std::string& value : values()) {
      const size_t colon = value.find(':');
      const Offset offset{std::stoll(value.substr(0, colon))};
      ASSERT_TRUE(present.empty() || offset > *present.rbegin());
      ASSERT_TRUE(appended_[offset].contains(value.substr(colon + 1))) << value;
      present.insert(offset);
    }
    for (const OffsetRange& range : take_lost_offsets()) {
      ASSERT_GE(range.first, kept_);
      for (Offset offset = range.first; offset <= std::min(range.last, offsets->log_end_offset - 1); ++offset) {
        lost_.insert(offset);
      }
    }
    end_ = offsets->log_end_offset;
    for (Offset offset = offsets->log_start_offset; offset < end_; ++offset) {
      ASSERT_NE(present.contains(offset), lost_.contains(offset)) << offset;
    }
    appended_.erase(appended_.lower_bound(end_), appended_.end());
    check_producer(present, offsets->log_start_offset);
  }

 private:
  struct Sent {
    int32_t sequence = 0;
    Offset offset{0};
    std::string value;
  };

  void flush() {
    if (const auto flushed = log().flush()) durable_ = *flushed;
  }

  void delete_some(std::mt19937& random) {
    const Offset offset{static_cast<int64_t>(random() % static_cast<uint64_t>(end_ - Offset{0} + 1))};
    const auto result = log().delete_records(offset, now_ms);
    if (result.error != KafkaError::kNone) return;
    deleted_ = std::max(deleted_, offset);
    durable_ = std::max(durable_, deleted_);
  }

  void append_one(std::mt19937& random) {
    const std::string value = fmt::format("{}{}", ++count_, std::string(random() % 150, '.'));
    appended_[end_].insert(value);
    if (random() % 2 == 0) {
      if (append(value).error == KafkaError::kNone) ++end_;
      return;
    }
    const auto result = append_of_producer(ProducerId{producer_}, sequence_, {value});
    if (result.error != KafkaError::kNone) {
      unanswered_ = value;
      return;
    }
    EXPECT_EQ(result.base_offset, end_);
    EXPECT_FALSE(result.is_duplicate);
    sent_.push_back({sequence_++, end_++, value});
    if (sent_.size() > 5) sent_.pop_front();
  }

  // The producer sends again what it may: batches that are still there are known, in the order in which they came.
  void check_producer(const std::set<Offset>& present, Offset log_start) {
    const auto is_there = [&](const Sent& sent) { return sent.offset < log_start || present.contains(sent.offset); };
    const bool lost_none = std::ranges::all_of(sent_, is_there);
    for (const Sent& sent : sent_) {
      if (!present.contains(sent.offset)) continue;
      const auto again = append_of_producer(ProducerId{producer_}, sent.sequence, {sent.value});
      ASSERT_EQ(again.error, KafkaError::kNone) << again.message;
      ASSERT_TRUE(again.is_duplicate);
      ASSERT_EQ(again.base_offset, sent.offset);
    }
    if (unanswered_ && lost_none) {
      const auto again = append_of_producer(ProducerId{producer_}, sequence_, {*unanswered_});
      ASSERT_EQ(again.error, KafkaError::kNone) << again.message;
      if (again.is_duplicate) {
        ASSERT_EQ(again.base_offset, end_ - 1);
      } else {
        ASSERT_EQ(again.base_offset, end_);
        appended_[end_++].insert(*unanswered_);
      }
    }
    ++producer_;
    sequence_ = 0;
    sent_.clear();
    unanswered_.reset();
  }

  std::map<Offset, std::set<std::string>> appended_;  // by offset: what may be there
  std::set<Offset> lost_;
  int64_t producer_ = 1;  // another one after each crash
  int32_t sequence_ = 0;
  std::deque<Sent> sent_;  // of the producer, the last five that were answered
  std::optional<std::string> unanswered_;
  Offset end_{0};
  Offset durable_{0};  // outlives the loss of power
  Offset kept_{0};     // has outlived the last crash
  Offset deleted_{0};
  int count_ = 0;
};

enum class Crash { kKill, kPowerLoss, kKillThenPowerLoss };

unsigned seeds() {
  const char* text = std::getenv("OMASHU_CRASH_SEEDS");
  return text == nullptr ? 20 : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

class EachCrash : public LogCrashTest, public testing::WithParamInterface<std::tuple<Crash, unsigned>> {};

TEST_P(EachCrash, LosesNothingThatWasSaidToBeOnTheDisk) {
  const auto [crash, seed] = GetParam();
  std::mt19937 random(seed);
  set_up(random);
  // A short first life often ends before anything was synced, the folder's own name included.
  const unsigned max_first_steps = random() % 2 == 0 ? 12 : 300;
  for (int round = 0; round < 40; ++round) {
    SCOPED_TRACE(round);
    disk.stop_after(1 + random() % (round < 2 ? max_first_steps : 300));
    while (!disk.has_stopped()) step(random);
    const bool is_kill = crash == Crash::kKill || (crash == Crash::kKillThenPowerLoss && round % 2 == 0);
    is_kill ? kill() : lose_power(random);
    check_after_crash();
    if (HasFatalFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Log, EachCrash,
                         testing::Combine(testing::Values(Crash::kKill, Crash::kPowerLoss, Crash::kKillThenPowerLoss),
                                          testing::Range(1u, 1 + seeds())));

class FreshLog : public MemoryLogFixture {
 public:
  void TestBody() override {}
};

TEST(LogCrash, ADeletionThatAKilledProcessBeganIsOnTheDiskOnceItIsAnswered) {
  for (int steps = 1; steps <= 20; ++steps) {
    for (unsigned seed = 1; seed <= 5; ++seed) {
      SCOPED_TRACE(fmt::format("{} steps, seed {}", steps, seed));
      std::mt19937 random(seed);
      FreshLog fresh;
      fresh.open();
      for (const char* value : {"a", "b", "c"}) fresh.append(value);
      ASSERT_TRUE(fresh.log().flush());
      fresh.disk.stop_after(steps);
      (void)fresh.log().delete_records(Offset{2}, fresh.now_ms);
      fresh.disk.kill_process();
      fresh.open();
      const auto again = fresh.log().delete_records(Offset{1}, fresh.now_ms);
      ASSERT_EQ(again.error, KafkaError::kNone);
      fresh.disk.lose_power(random);
      fresh.open();
      ASSERT_GE(fresh.log().offsets()->log_start_offset, again.low_watermark);
    }
  }
}

}  // namespace
}  // namespace omashu::broker
