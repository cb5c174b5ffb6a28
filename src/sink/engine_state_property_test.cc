// Members of a group with a sink each, over random schedules of records, rebalances, failures and crashes.
// OMASHU_SINK_SEEDS makes it more of them.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <random>
#include <set>

#include "sink/engine_state.h"

namespace omashu::sink {
namespace {

using kafka::Offset;
using kafka::PartitionId;
using kafka::TopicPartition;
using std::chrono::milliseconds;

constexpr int kPartitions = 4;
constexpr int kMembers = 3;

TopicPartition partition(int number) { return {"t", PartitionId{number}}; }

// What outlives every member: the topic, the group's committed offsets, and the database.
struct World {
  std::map<TopicPartition, std::vector<Offset>> log;  // offsets with gaps, as compaction leaves them
  std::map<TopicPartition, Offset> end;
  Positions committed;
  Positions positions;                                   // of the database, where it keeps them
  std::map<TopicPartition, std::map<Offset, int>> rows;  // how often each record was written
  bool keeps_positions = false;

  // Nothing may be written before all that stands in front of it.
  void write(const kafka::Message& message) {
    const TopicPartition place = {message.topic, message.partition};
    for (const Offset offset : log[place]) {
      if (offset >= message.offset) break;
      ASSERT_TRUE(rows[place].contains(offset)) << "written before what stands in front of it";
    }
    ++rows[place][message.offset];
  }
  void commit(const Positions& wanted) {
    for (const auto& [place, position] : wanted) {
      for (const Offset offset : log[place]) {
        if (offset < position) {
          ASSERT_TRUE(rows[place].contains(offset)) << "committed before it is durable";
        }
      }
      committed[place] = position;
    }
  }
  bool is_all_written() {
    for (const auto& [place, offsets] : log) {
      if (rows[place].size() != offsets.size() || committed[place] != end[place]) return false;
    }
    return true;
  }
};

// One process: the engine's state, what its consumer holds, and the job that its sink is at.
class Member {
 public:
  Member(World& world, std::mt19937_64& random, const EngineLimits& limits)
      : world_(world),
        random_(random),
        state_(limits, [&random] { return static_cast<double>(random() % 1000) / 1000; }) {}

  std::set<TopicPartition> held;

  void assign(const TopicPartition& place) {
    held.insert(place);
    readers_[place] = {};
    state_.assigned(std::vector{place});
  }
  // `is_lost`: the group has moved on already, and nothing can be committed.
  void revoke(const TopicPartition& place, bool is_lost) {
    const std::vector<TopicPartition> places = {place};
    if (!is_lost) {
      if (state_.is_writing(places) && random_() % 2 == 0) finish_job(false);
      world_.commit(state_.uncommitted(places));
    }
    state_.revoked(places);
    held.erase(place);
    readers_.erase(place);
  }

  void step(Time now, bool may_fail) {
    now_ = now;
    if (has_job_ && (!may_fail || random_() % 2 == 0)) finish_job(may_fail);
    for (int i = 0; i < 8; ++i) {
      const Action action = state_.next(now_);
      if (const auto* wait = std::get_if<action::Wait>(&action)) {
        if (wait->may_read) read();
        if (has_job_ && !may_fail) finish_job(false);
        return;
      }
      execute(action, may_fail);
      if (::testing::Test::HasFatalFailure()) return;
    }
  }

  // With a batch under way that may arrive in the database or not.
  void crash() {
    if (has_job_ && std::holds_alternative<action::Write>(job_) && random_() % 2 == 0)
      put(std::get<action::Write>(job_));
  }

 private:
  struct Reader {
    std::optional<Offset> next;
    bool is_paused = true;
  };

  void execute(const Action& action, bool may_fail) {
    if (const auto* failed = std::get_if<action::Failed>(&action)) FAIL() << failed->error.message;
    if (const auto* locate = std::get_if<action::Locate>(&action)) return this->locate(*locate, may_fail);
    if (const auto* seek = std::get_if<action::Seek>(&action)) {
      if (may_fail && random_() % 4 == 0) return state_.sought(fail(ErrorCode::kUnavailable, "not yet"), now_);
      for (const auto& [place, offset] : seek->offsets) readers_.at(place).next = offset;
      return state_.sought({}, now_);
    }
    if (const auto* commit = std::get_if<action::Commit>(&action)) {
      if (may_fail && random_() % 8 == 0) {
        return state_.committed(commit->positions, fail(ErrorCode::kUnavailable, "no coordinator"), now_);
      }
      world_.commit(commit->positions);
      return state_.committed(commit->positions, {}, now_);
    }
    if (const auto* pause = std::get_if<action::Pause>(&action)) {
      for (const TopicPartition& place : pause->partitions) readers_.at(place).is_paused = true;
      return;
    }
    if (const auto* resume = std::get_if<action::Resume>(&action)) {
      for (const TopicPartition& place : resume->partitions) {
        ASSERT_TRUE(readers_.at(place).next) << "resumed before it was sought";
        readers_.at(place).is_paused = false;
      }
      return;
    }
    ASSERT_FALSE(has_job_) << "two jobs at a time";
    job_ = action;
    has_job_ = true;
  }

  void locate(const action::Locate& locate, bool may_fail) {
    if (may_fail && random_() % 4 == 0) return state_.located(fail(ErrorCode::kUnavailable, "no coordinator"), now_);
    Positions starts = locate.known;
    for (const TopicPartition& place : locate.unknown) {
      const auto found = world_.committed.find(place);
      starts[place] = found == world_.committed.end() ? Offset{0} : found->second;
    }
    state_.located(std::move(starts), now_);
  }

  void read() {
    for (auto& [place, reader] : readers_) {
      if (reader.is_paused || !reader.next) continue;
      for (int count = static_cast<int>(random_() % 5); count > 0; --count) {
        const auto& offsets = world_.log[place];
        const auto found = std::ranges::lower_bound(offsets, *reader.next);
        if (found == offsets.end()) {
          reader.next = world_.end[place];
          state_.reached_end(place, *reader.next);
          break;
        }
        kafka::Message message;
        message.topic = place.topic;
        message.partition = place.partition;
        message.offset = *found;
        message.value = "0123456789";
        reader.next = *found + 1;
        state_.read(std::move(message), now_);
      }
    }
  }

  void finish_job(bool may_fail) {
    has_job_ = false;
    const Action job = std::exchange(job_, action::Finished{});
    const bool fails = may_fail && random_() % 3 == 0;
    const auto failure = [] { return std::unexpected(WriteFailure::try_again({ErrorCode::kUnavailable, "away", {}})); };
    if (const auto* begin = std::get_if<action::Begin>(&job)) {
      if (fails) return state_.begun(failure(), now_);
      Positions known;
      for (const TopicPartition& place : begin->partitions) {
        ASSERT_FALSE(!begun_.contains(place) && expected_.contains(place));
        begun_.insert(place);
        if (!world_.keeps_positions) continue;
        const auto found = world_.positions.find(place);
        expected_[place] = found == world_.positions.end() ? Offset{0} : found->second;
        if (found != world_.positions.end()) known[place] = found->second;
      }
      return state_.begun(std::move(known), now_);
    }
    if (const auto* end = std::get_if<action::End>(&job)) {
      for (const TopicPartition& place : end->partitions) {
        begun_.erase(place);
        expected_.erase(place);
      }
      return state_.ended();
    }
    const auto& write = std::get<action::Write>(job);
    const bool takes_effect = !fails || random_() % 2 == 0;  // a commit whose answer was lost
    const bool is_done = takes_effect && put(write);
    if (fails || !is_done) return state_.written(failure(), now_);
    state_.written({}, now_);
  }

  // In one transaction, where the database keeps positions: false where another member has moved them.
  bool put(const action::Write& write) {
    if (world_.keeps_positions) {
      for (const auto& [place, position] : write.next) {
        if (world_.positions.contains(place) && world_.positions[place] != expected_[place]) return false;
      }
      for (const auto& [place, position] : write.next) world_.positions[place] = expected_[place] = position;
    }
    for (const kafka::Message* message : write.messages) {
      EXPECT_TRUE(begun_.contains({message->topic, message->partition})) << "written without begin()";
      world_.write(*message);
    }
    return true;
  }

  World& world_;
  std::mt19937_64& random_;
  EngineState state_;
  std::map<TopicPartition, Reader> readers_;
  std::set<TopicPartition> begun_;
  Positions expected_;
  bool has_job_ = false;
  Action job_ = action::Finished{};
  Time now_;
};

class Schedule {
 public:
  Schedule(uint64_t seed, bool keeps_positions) : random_(seed) {
    world_.keeps_positions = keeps_positions;
    limits_ = {.batch_records = 1 + random_() % 8,
               .batch_bytes = 300 + random_() % 2'000,
               .max_bytes = 1'000 + random_() % 4'000};
    for (int i = 0; i < kMembers; ++i) members_.push_back(make_member());
  }

  void run() {
    for (int i = 0; i < 400 && !::testing::Test::HasFatalFailure(); ++i) step();
    for (int i = 0; i < 20'000 && !is_done() && !::testing::Test::HasFatalFailure(); ++i) {
      now_ += milliseconds(50);
      for (int number = 0; number < kPartitions; ++number) {
        if (owner(partition(number)) == nullptr) members_[0]->assign(partition(number));
      }
      for (auto& member : members_) member->step(now_, false);
    }
    EXPECT_TRUE(is_done()) << "records are left that nobody writes";
    if (!world_.keeps_positions) return;
    for (const auto& [place, rows] : world_.rows) {
      for (const auto& [offset, times] : rows) EXPECT_EQ(times, 1) << "a record was written twice";
    }
  }

 private:
  std::unique_ptr<Member> make_member() { return std::make_unique<Member>(world_, random_, limits_); }
  bool is_done() { return world_.is_all_written(); }

  Member* owner(const TopicPartition& place) {
    for (auto& member : members_) {
      if (member->held.contains(place)) return member.get();
    }
    return nullptr;
  }

  void step() {
    now_ += milliseconds(random_() % 200);
    switch (random_() % 10) {
      case 0:
      case 1: return produce();
      case 2: return rebalance(partition(static_cast<int>(random_() % kPartitions)));
      case 3:
        if (random_() % 4 == 0) crash();
        return;
      default: return members_[random_() % kMembers]->step(now_, true);
    }
  }

  void produce() {
    const TopicPartition place = partition(static_cast<int>(random_() % kPartitions));
    for (uint64_t count = random_() % 6; count > 0; --count) {
      world_.end[place] += static_cast<int64_t>(random_() % 3);
      world_.log[place].push_back(world_.end[place]++);
    }
    world_.end[place] += static_cast<int64_t>(random_() % 2);
  }

  void rebalance(const TopicPartition& place) {
    if (Member* before = owner(place)) before->revoke(place, random_() % 4 == 0);
    if (random_() % 8 != 0) members_[random_() % kMembers]->assign(place);
  }

  void crash() {
    const size_t index = random_() % kMembers;
    members_[index]->crash();
    members_[index] = make_member();
  }

  std::mt19937_64 random_;
  World world_;
  EngineLimits limits_;
  std::vector<std::unique_ptr<Member>> members_;
  Time now_{};
};

uint64_t seed_count() {
  const char* wanted = std::getenv("OMASHU_SINK_SEEDS");
  return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 300;
}

TEST(EngineProperty, EveryRecordIsWrittenInOrderAndCommitsAreNeverAhead) {
  for (uint64_t seed = 0; seed < seed_count() && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    Schedule(seed, false).run();
  }
}

TEST(EngineProperty, ASinkThatKeepsPositionsHasEveryRecordOnce) {
  for (uint64_t seed = 0; seed < seed_count() && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    Schedule(seed, true).run();
  }
}

}  // namespace
}  // namespace omashu::sink
