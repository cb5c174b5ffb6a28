// A group under random events: members that come, go, restart, repeat themselves and fall silent, appends that are late
// or fail, and processes that end. Whatever happens,
//   - a request is answered once (CoordinatorFixture holds that), and when all is over none waits;
//   - the members of a generation know one leader, and each gets the one assignment that this leader made for it;
//   - what is committed is what the stored records say, in this process and in the next;
//   - members that behave come together again, in one generation with all of them.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "broker/group/testing/coordinator_fixture.h"

namespace omashu::broker {
namespace {

using testing::Client;
using testing::CoordinatorFixture;

constexpr int kClients = 6;
constexpr int kPartitions = 3;

struct ModelClient {
  Client client;
  std::optional<RequestId> join = {};  // what the process of now has asked
  std::optional<RequestId> sync = {};
  std::vector<std::string> to_assign = {};  // the leader's members
  bool is_assigned = false;

  bool is_idle() const { return !join && !sync; }
  void forget() {
    client.member_id = "";
    client.generation_id = -1;
    join.reset();
    sync.reset();
    to_assign.clear();
    is_assigned = false;
  }
};

class GroupModel {
 public:
  explicit GroupModel(uint32_t seed) : random_(seed) {
    for (int i = 0; i < kClients; ++i) {
      Client client{.client_id = fmt::format("c{}", i)};
      if (i < 2) client.group_instance_id = fmt::format("i{}", i);
      client.requires_member_id = i % 2 == 1;
      client.may_skip_assignment = i % 3 == 0;
      client.session_timeout_ms = 10'000 + 5'000 * i;
      client.rebalance_timeout_ms = 20'000;
      clients_.push_back({std::move(client)});
    }
  }

  void disturb(int events) {
    for (int i = 0; i < events && !::testing::Test::HasFailure(); ++i) {
      disturb_once();
      take_answers();
      check_offsets();
    }
  }

  // All members behave: they join, sync, and send heartbeats. They must come together.
  void settle() {
    fixture_.store();
    holds_ = false;
    for (int second = 0; second < 200; ++second) {
      for (ModelClient& each : clients_) behave(each);
      fixture_.store();
      take_answers();
      fixture_.advance(1'000);
    }
    EXPECT_EQ(fixture_.coordinator().describe_group("g").state, "Stable");
    EXPECT_EQ(fixture_.coordinator().describe_group("g").members.size(), size_t{kClients});
    for (const ModelClient& each : clients_) {
      EXPECT_TRUE(each.is_assigned) << each.client.client_id;
      EXPECT_EQ(each.client.generation_id, clients_[0].client.generation_id);
    }
  }

  // Everybody falls silent.
  void end() {
    fixture_.store();
    fixture_.advance(3'600'000);
    fixture_.store();
    take_answers();
    EXPECT_EQ(fixture_.waiting_count(), 0u);
    EXPECT_EQ(fixture_.held_appends(), 0u);
  }

 private:
  using Generation = std::tuple<int, int, int32_t>;  // process, incarnation of the group, generation
  struct Sync {
    RequestId request = 0;
    std::string member_id;
    Generation generation;
  };
  struct CommitOnItsWay {
    RequestId request = 0;
    int partition = 0;
    int64_t offset = 0;
  };

  int pick(int below) { return static_cast<int>(random_() % static_cast<uint32_t>(below)); }

  void disturb_once() {
    ModelClient& each = clients_[pick(kClients)];
    switch (pick(16)) {
      case 0:
      case 1:
      case 2:
      case 3: return behave(each);
      case 4: return join(each);  // again, or without need
      case 5: return sync(each);
      case 6: each.client.metadata = fmt::format("subscription {}", pick(3)); return join(each);
      case 7: return each.forget();  // a new process
      case 8: (void)fixture_.leave(each.client); return each.forget();
      case 9: return commit(each);
      case 10: return commit_as_nobody();
      case 11: return delete_something();
      case 12: return fixture_.advance(pick(15'000));
      case 13: return toggle_holding();
      case 14: return store_held(pick(4) == 0 ? KafkaError::kKafkaStorageError : KafkaError::kNone);
      default:
        if (pick(4) == 0) restart();
    }
  }

  void behave(ModelClient& each) {
    if (!each.is_idle()) return;
    if (each.client.generation_id < 0) return join(each);
    if (!each.is_assigned) return sync(each);
    const KafkaError error = fixture_.heartbeat(each.client);
    if (error == KafkaError::kRebalanceInProgress) {
      join(each);
    } else if (error != KafkaError::kNone) {
      each.forget();
    }
  }

  void join(ModelClient& each) {
    each.is_assigned = false;
    each.join = fixture_.join(each.client);
  }

  void sync(ModelClient& each) {
    std::map<std::string, std::string> assignments;
    ++last_assignment_;
    for (const std::string& member : each.to_assign) {
      assignments[member] = fmt::format("{}/{}", last_assignment_, name_of(member));
    }
    each.sync = fixture_.sync(each.client, assignments);
    syncs_.push_back({*each.sync, each.client.member_id, {process_, incarnation_, each.client.generation_id}});
  }

  // What stays the same when an instance gets a new id.
  static std::string name_of(const std::string& member_id) {
    return member_id.starts_with("i") ? member_id.substr(0, 2) : member_id;
  }

  void commit(ModelClient& each) {
    const int partition = pick(kPartitions);
    const RequestId request = fixture_.commit(each.client, "t", partition, ++last_offset_);
    if (holds_ && fixture_.is_waiting(request)) {
      commits_on_their_way_.push_back({request, partition, last_offset_});
    } else if (fixture_.committed(request) == KafkaError::kNone) {
      offsets_[partition] = last_offset_;
    }
  }

  void commit_as_nobody() {
    ModelClient nobody{.client = {.client_id = "admin"}};
    commit(nobody);
  }

  void delete_something() {
    const GroupDescription group = fixture_.coordinator().describe_group("g");
    const int partition = pick(kPartitions);
    if (pick(4) == 0) {
      fixture_.delete_groups({"g"});
      if (group.state == "Empty") forget_commits([](int) { return true; });
    } else {
      fixture_.delete_offset("g", "t", partition);
      // What members read is not known here, so nothing is deleted while there are any.
      if (group.members.empty()) forget_commits([&](int each) { return each == partition; });
    }
    store_held(KafkaError::kNone);  // what has lost its tombstone would be back in the next process
  }

  void forget_commits(const std::function<bool(int)>& is_gone) {
    for (int partition = 0; partition < kPartitions; ++partition) {
      if (is_gone(partition)) offsets_.erase(partition);
    }
    std::erase_if(commits_on_their_way_, [&](const auto& each) { return is_gone(each.partition); });
  }

  void toggle_holding() {
    if (holds_) return;
    holds_ = true;
    fixture_.hold_appends();
  }

  void store_held(KafkaError error) {
    fixture_.store(error);
    for (const auto& each : commits_on_their_way_) {
      if (fixture_.committed(each.request) == KafkaError::kNone) offsets_[each.partition] = each.offset;
    }
    commits_on_their_way_.clear();
  }

  void restart() {
    store_held(pick(2) == 0 ? KafkaError::kKafkaStorageError : KafkaError::kNone);
    fixture_.restart();
    ++process_;
    syncs_.clear();
    for (ModelClient& each : clients_) {
      // Their connections broke; they know what they were told before.
      each.join.reset();
      each.sync.reset();
      each.is_assigned = false;
    }
  }

  void take_answers() {
    if (fixture_.coordinator().describe_group("g").state == "Dead") ++incarnation_;
    for (ModelClient& each : clients_) {
      if (each.join && !fixture_.is_waiting(*each.join)) take_join(each, fixture_.joined(*each.join));
    }
    std::erase_if(syncs_, [&](const Sync& each) {
      if (fixture_.is_waiting(each.request)) return false;
      check_assignment(each, fixture_.synced(each.request));
      return true;
    });
    for (ModelClient& each : clients_) {
      if (each.sync && !fixture_.is_waiting(*each.sync)) take_sync(each, fixture_.synced(*each.sync));
    }
  }

  void take_join(ModelClient& each, const JoinGroupAnswer& answer) {
    each.join.reset();
    each.to_assign.clear();
    if (answer.error != KafkaError::kNone) {
      each.client.generation_id = -1;
      if (answer.error != KafkaError::kRebalanceInProgress) each.client.member_id = answer.member_id;
      if (answer.error == KafkaError::kUnknownMemberId || answer.error == KafkaError::kFencedInstanceId) each.forget();
      return;
    }
    each.client.enter(answer);
    for (const auto& member : answer.members) each.to_assign.push_back(member.member_id);
    if (answer.skip_assignment) each.to_assign.clear();
    if (!answer.members.empty()) {
      EXPECT_EQ(answer.leader, answer.member_id) << "only the leader sees the members";
      const auto [leader, is_first] =
          leaders_.try_emplace({process_, incarnation_, answer.generation_id}, name_of(answer.leader));
      EXPECT_EQ(leader->second, name_of(answer.leader)) << "one leader for generation " << answer.generation_id;
    }
  }

  void take_sync(ModelClient& each, const SyncGroupAnswer& answer) {
    each.sync.reset();
    each.is_assigned = answer.error == KafkaError::kNone;
    if (each.is_assigned) return;
    each.client.generation_id = -1;
    if (answer.error == KafkaError::kUnknownMemberId || answer.error == KafkaError::kFencedInstanceId) each.forget();
  }

  void check_assignment(const Sync& sync, const SyncGroupAnswer& answer) {
    if (answer.error != KafkaError::kNone) return;
    if (answer.assignment.empty()) return;  // the leader had forgotten the members
    const size_t slash = answer.assignment.find('/');
    const std::string made_by = answer.assignment.substr(0, slash);
    EXPECT_EQ(answer.assignment.substr(slash + 1), name_of(sync.member_id)) << "its own";
    const auto [first, is_first] = assignments_.try_emplace(sync.generation, made_by);
    EXPECT_EQ(first->second, made_by) << "all assignments of a generation are from one SyncGroup";
  }

  void check_offsets() {
    for (int partition = 0; partition < kPartitions; ++partition) {
      const CommittedOffset* found = fixture_.coordinator().find_offset("g", "t", PartitionId{partition});
      const auto expected = offsets_.find(partition);
      ASSERT_EQ(std::to_underlying(found != nullptr ? found->offset : kNoOffset),
                expected != offsets_.end() ? expected->second : -1);
    }
  }

  std::mt19937 random_;
  CoordinatorFixture fixture_;
  std::vector<ModelClient> clients_;
  bool holds_ = false;
  int last_assignment_ = 0;
  int64_t last_offset_ = 0;
  int process_ = 0;
  int incarnation_ = 0;
  std::map<Generation, std::string> leaders_;
  std::map<Generation, std::string> assignments_;
  std::map<int, int64_t> offsets_;
  std::vector<CommitOnItsWay> commits_on_their_way_;
  std::vector<Sync> syncs_;  // of all processes that there were
};

TEST(GroupModelTest, SurvivesWhateverHappens) {
  for (uint32_t seed = 1; seed <= 150 && !HasFailure(); ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    GroupModel model(seed);
    model.disturb(300);
    if (!HasFailure()) model.settle();
    if (!HasFailure()) model.end();
  }
}

}  // namespace
}  // namespace omashu::broker
